/** Generated from schemas/manifest.schema.json by scripts/generate-types.mjs. Do not edit. */
/**
 * One document of a manifest file of Alicia Orchestrator: what should run, or what it needs.
 */
export type Manifest = ServiceManifest | NetworkManifest | VolumeManifest | SecretManifest | ConfigManifest;
/**
 * Version of the manifest format.
 */
export type ApiVersion = 'alicia/v1';
/**
 * Names and texts, as a mapping or as a list of `name=text`.
 */
export type TextMap =
  | {
      [k: string]: string | number | boolean | null;
    }
  | string[]
  | null;
/**
 * A command line: a list of words, or one text that is split as a shell splits words (no shell runs it).
 */
export type Words = string | string[] | null;
/**
 * A file, or the long form.
 */
export type EnvFileEntry =
  | string
  | {
      /**
       * The file.
       */
      path: string;
      /**
       * Whether it is an error when the file is not there.
       */
      required?: boolean;
      /**
       * `raw`: the texts are taken as they stand, without quotes and variables. Left out: as Compose reads a `.env`.
       */
      format?: 'raw';
    };
/**
 * A port of the container: `[[ip:]host:]container[/protocol]`, where host and container may be ranges, or the long form.
 */
export type PortEntry =
  | string
  | number
  | {
      /**
       * Port of the container.
       */
      target: number;
      /**
       * Port of the host, or a range `8000-8009`. Default: any free one.
       */
      published?: string | number;
      /**
       * Address of the host. Default: all.
       */
      host_ip?: string;
      /**
       * Protocol.
       */
      protocol?: 'tcp' | 'udp' | 'sctp';
    };
/**
 * A mount: `source:target[:ro]`, or the long form.
 */
export type VolumeEntry =
  | string
  | {
      /**
       * What is mounted: `volume` or `bind`.
       */
      type: 'volume' | 'bind' | 'tmpfs' | 'npipe' | 'cluster' | 'image';
      /**
       * Name of a volume, or a path; a relative one starts at the manifest's folder. A volume without it is of Docker's own naming.
       */
      source?: string;
      /**
       * Absolute path in the container.
       */
      target: string;
      /**
       * Whether the container may only read.
       */
      read_only?: boolean;
      bind?: BindOptions;
    };
/**
 * Options of a bind.
 */
export type BindOptions = {
  /**
   * Whether Docker creates a folder where the source is missing.
   */
  create_host_path?: boolean;
} | null;
/**
 * A secret: its name, or the long form.
 */
export type SecretEntry =
  | string
  | {
      /**
       * Name of the secret.
       */
      source: string;
      /**
       * Path of the file in the container; a relative one begins at `/run/secrets`. Default: `/run/secrets/<source>`.
       */
      target?: string;
    };
/**
 * A config: its name, or the long form.
 */
export type ConfigEntry =
  | string
  | {
      /**
       * Name of the config.
       */
      source: string;
      /**
       * Path of the file in the container; a relative one begins at `/`. Default: `/<source>`.
       */
      target?: string;
    };
/**
 * How the service joins one network.
 */
export type NetworkEntry = {
  /**
   * Names of the service on this network, beside its own.
   */
  aliases?: string[] | null;
  /**
   * Fixed IPv4 address.
   */
  ipv4_address?: string;
  /**
   * Fixed IPv6 address.
   */
  ipv6_address?: string;
  /**
   * The network with the highest number is joined first.
   */
  priority?: number;
} | null;
/**
 * What is waited for.
 */
export type DependencyEntry = {
  /**
   * When the dependency counts as met, by all its replicas.
   */
  condition?: 'service_started' | 'service_healthy' | 'service_completed_successfully';
  /**
   * false: waited for only while it makes progress.
   */
  required?: boolean;
  /**
   * true: restart this service after the dependency was replaced or restarted.
   */
  restart?: boolean;
} | null;
/**
 * Docker's health check; `{}` says that the image brings one.
 */
export type HealthcheckSpec = {
  /**
   * true: no check, not even the image's.
   */
  disable?: boolean;
  /**
   * A line for the container's shell, or a list that begins with CMD, CMD-SHELL or NONE.
   */
  test?: string | string[];
  interval?: Duration;
  timeout?: Duration;
  /**
   * Failures in a row that make it unhealthy. Docker's default: 3.
   */
  retries?: number;
  start_period?: Duration;
  start_interval?: Duration;
} | null;
/**
 * A duration with its unit: us, ms, s, m, h, d; several may follow each other.
 */
export type Duration = string;
/**
 * A port of the container.
 */
export type Port = number;
/**
 * Holds while the latest word on a topic is good and not too old.
 */
export type MqttProbe = {
  topic?: Topic;
  request?: Topic;
  max_age?: Duration;
  /**
   * The word that counts as good. Default: `healthy`, `online`, or JSON that says so in `status` or `health`.
   */
  payload?: string;
} | null;
/**
 * A topic of the broker, without wildcards.
 */
export type Topic = string;
/**
 * Holds when this program, run in the container, ends with 0: a list of words, one text that is split as a shell splits words, or a mapping with `command`.
 */
export type ExecProbe =
  | string
  | string[]
  | {
      /**
       * The program: a list of words, or one text.
       */
      command: string | string[];
    };
/**
 * A number of cores, in parts too; 0: without limit.
 */
export type Cpus = number | string;
/**
 * A number of microseconds; -1 or 0: not set.
 */
export type Microseconds = number | string;
/**
 * A size: a number of bytes, or a text with a unit b, k, m, g or t, each 1024 times the one before.
 */
export type Bytes = number | string;
/**
 * A size, or -1: without limit.
 */
export type BytesOrUnlimited = number | string;
/**
 * A number of processes and threads; -1 or 0: without limit.
 */
export type Pids = number | string;
/**
 * A device: `source[:target][:permissions]`, or the long form.
 */
export type DeviceEntry =
  | string
  | {
      /**
       * Absolute path on the host.
       */
      source: string;
      /**
       * Absolute path in the container. Default: the same.
       */
      target?: string;
      /**
       * Some of the letters r, w and m: read, write, make.
       */
      permissions?: string;
    };
/**
 * How replicas are rolled out.
 */
export type DeploySpec = {
  /**
   * Another place for `spec.replicas`.
   */
  replicas?: number;
  update_config?: UpdateConfig;
  restart_policy?: DeployRestartPolicy;
  resources?: DeployResources;
} | null;
/**
 * How a new spec replaces an old one.
 */
export type UpdateConfig = {
  /**
   * Replicas replaced at a time; 0 = all.
   */
  parallelism?: number;
  delay?: Duration;
  monitor?: Duration;
  /**
   * Share of replicas that may fail.
   */
  max_failure_ratio?: number;
  /**
   * What a failed rollout does.
   */
  failure_action?: 'rollback' | 'pause' | 'continue';
  /**
   * Whether the new replica starts before the old one stops. Default: start-first where the spec allows it.
   */
  order?: 'start-first' | 'stop-first';
} | null;
/**
 * When and how often containers are started again.
 */
export type DeployRestartPolicy = {
  /**
   * Another way to say `restart`: `none` is no, `any` is unless-stopped. Default: what `restart` says.
   */
  condition?: 'none' | 'on-failure' | 'any';
  /**
   * Restarts of an unhealthy container before it is given up; with on-failure also those of a failed one. 0: without end.
   */
  max_attempts?: number;
} | null;
/**
 * What a container may use, and what it should get.
 */
export type DeployResources = {
  limits?: DeployLimits;
  reservations?: DeployReservations;
} | null;
/**
 * What a container may use at most.
 */
export type DeployLimits = {
  cpus?: Cpus;
  memory?: Bytes;
  pids?: Pids;
} | null;
/**
 * What a container should get.
 */
export type DeployReservations = {
  memory?: Bytes;
} | null;
/**
 * A Compose network.
 */
export type NetworkSpec = {
  /**
   * Name on Docker. Default: `<project>_<name>`.
   */
  name?: string;
  /**
   * true: someone else makes it.
   */
  external?: boolean;
  /**
   * Network driver.
   */
  driver?: string;
  driver_opts?: Options;
  /**
   * true: no way out of it.
   */
  internal?: boolean;
  /**
   * true: containers of others may join it (overlay networks).
   */
  attachable?: boolean;
  /**
   * true: IPv6 addresses too.
   */
  enable_ipv6?: boolean;
  labels?: TextMap;
  ipam?: IpamSpec;
} | null;
/**
 * Options of the driver.
 */
export type Options = {
  [k: string]: string | number | boolean;
} | null;
/**
 * Addresses.
 */
export type IpamSpec = {
  /**
   * Address blocks.
   */
  config?: IpamBlock[] | null;
} | null;
/**
 * A Compose volume.
 */
export type VolumeSpec = {
  /**
   * Name on Docker. Default: `<project>_<name>`.
   */
  name?: string;
  /**
   * true: someone else makes it.
   */
  external?: boolean;
  /**
   * Volume driver.
   */
  driver?: string;
  driver_opts?: Options;
  labels?: TextMap;
} | null;

/**
 * A service: one or more equal containers.
 */
export interface ServiceManifest {
  apiVersion: ApiVersion;
  /**
   * What this document declares.
   */
  kind: 'Service';
  metadata: ServiceMetadata;
  spec: ServiceSpec;
}
/**
 * Who this is.
 */
export interface ServiceMetadata {
  /**
   * Name of the service, unique in the manifest directory: small letters, digits, `-` and `_`, at most 63.
   */
  name: string;
  labels?: TextMap;
}
/**
 * What runs: the vocabulary of the Compose specification, and a few words of our own.
 */
export interface ServiceSpec {
  /**
   * The image, as `docker run` takes it.
   */
  image: string;
  /**
   * One line for people.
   */
  description?: string;
  /**
   * Group in tables and on the status page.
   */
  category?: string;
  /**
   * Among services that are free to start the lower number goes first.
   */
  priority?: number;
  /**
   * Version to show. Default: the image's label `org.opencontainers.image.version`, else its tag.
   */
  version?: string;
  /**
   * How many containers run; 0 keeps the declaration and removes the containers.
   */
  replicas?: number;
  /**
   * true: hands off. No start, stop, restart or replacement until it is false again.
   */
  maintenance?: boolean;
  /**
   * false: a container that was stopped or paused by hand is reported and left.
   */
  self_heal?: boolean;
  /**
   * false: the containers are kept when the manifest goes.
   */
  prune?: boolean;
  command?: Words;
  entrypoint?: Words;
  environment?: TextMap;
  /**
   * Files of environment variables, relative to the manifest. Later ones win over earlier ones, and `environment` over all of them.
   */
  env_file?: string | EnvFileEntry[];
  labels?: TextMap;
  /**
   * Ports published on the host.
   */
  ports?: PortEntry[] | null;
  /**
   * Named volumes, files or folders below the manifest directory (others need `--allow bind:<path>`), and, by a path alone, volumes of Docker's own naming.
   */
  volumes?: VolumeEntry[] | null;
  /**
   * Secrets (`kind: Secret`) that the containers read, as files. Owner and mode are those of the file.
   */
  secrets?: SecretEntry[] | null;
  /**
   * Configs (`kind: Config`) that the containers read, as files. Owner and mode are those of the file.
   */
  configs?: ConfigEntry[] | null;
  /**
   * Where the network comes from instead of `networks`: `bridge` (Docker's default bridge), `host` (needs `--allow host-network`), `none`, or `service:<name>` (that of another service, which then must be there first).
   */
  network_mode?: string;
  /**
   * Networks to join. Default: the shared network `alicia_bus_network`.
   */
  networks?:
    | string[]
    | {
        [k: string]: NetworkEntry;
      }
    | null;
  /**
   * Services that must be there first: a list of names, or a mapping from name to condition.
   */
  depends_on?:
    | string[]
    | {
        [k: string]: DependencyEntry;
      }
    | null;
  /**
   * Services that are waited for only while they make progress: short for `depends_on` with `required: false`.
   */
  optional_deps?: string[] | null;
  healthcheck?: HealthcheckSpec;
  /**
   * Checks that the controller makes itself, beside Docker's own; all must hold.
   */
  probes?: ProbeSpec[] | null;
  cpus?: Cpus;
  cpu_quota?: Microseconds;
  cpu_period?: Microseconds;
  mem_limit?: Bytes;
  memswap_limit?: BytesOrUnlimited;
  mem_reservation?: Bytes;
  pids_limit?: Pids;
  /**
   * true: all rights on the host, and no wall at all. Needs `--allow privileged`.
   */
  privileged?: boolean;
  /**
   * Whose processes it sees: `host` (needs `--allow host-pid`) or `container:<name>` (needs `--allow container-namespace`). Default: its own.
   */
  pid?: string;
  /**
   * Whose shared memory it uses: `host` (needs `--allow host-ipc`), `container:<name>` (needs `--allow container-namespace`), `none`, `private` or `shareable`. Default: its own.
   */
  ipc?: string;
  /**
   * `host`: users are those of the host, also where the engine maps them to others. Needs `--allow userns-host`.
   */
  userns_mode?: string;
  /**
   * Devices of the host. Each needs `--allow device:<path>`.
   */
  devices?: DeviceEntry[] | null;
  /**
   * Capabilities to add, with or without `CAP_`. Beyond those that Docker gives to every container each needs `--allow cap:<NAME>`.
   */
  cap_add?: string[] | null;
  /**
   * Capabilities to take away, with or without `CAP_`; `ALL` for all.
   */
  cap_drop?: string[] | null;
  /**
   * Options of the kernel's protections. Those that take one away need `--allow security-opt`.
   */
  security_opt?: string[] | null;
  sysctls?: TextMap;
  /**
   * When Docker starts a container again after its end. Default: unless-stopped, or "no" where another service waits for this one's completion.
   */
  restart?: string;
  /**
   * Another name of `restart`.
   */
  restart_policy?: string;
  /**
   * Name of the container, taken literally with one replica and as a prefix with more. Default: derived from project, service and slot.
   */
  container_name?: string;
  /**
   * Signal that asks the container to stop. Default: the image's, else SIGTERM.
   */
  stop_signal?: string;
  stop_grace_period?: Duration;
  /**
   * When the image is fetched although it is present.
   */
  pull_policy?: string;
  deploy?: DeploySpec;
}
/**
 * One check, as exactly one of `http`, `tcp`, `mqtt` and `exec`. Results in a row count.
 */
export interface ProbeSpec {
  http?: HttpProbe;
  tcp?: TcpProbe;
  mqtt?: MqttProbe;
  exec?: ExecProbe;
  period?: Duration;
  timeout?: Duration;
  /**
   * Failures in a row that make it fail.
   */
  retries?: number;
  /**
   * Successes in a row that make it hold.
   */
  successes?: number;
  start_period?: Duration;
}
/**
 * Holds when a GET answers with a status from 200 to 399.
 */
export interface HttpProbe {
  port: Port;
  /**
   * Path that is asked for.
   */
  path?: string;
}
/**
 * Holds when a connection is made.
 */
export interface TcpProbe {
  port: Port;
}
/**
 * A network that services join.
 */
export interface NetworkManifest {
  apiVersion: ApiVersion;
  /**
   * What this document declares.
   */
  kind: 'Network';
  metadata: ObjectMetadata;
  spec?: NetworkSpec;
}
/**
 * Who this is.
 */
export interface ObjectMetadata {
  /**
   * Name by which services refer to it, on Docker `<project>_<name>` unless `spec.name` says otherwise: letters, digits, `.`, `-` and `_`, at most 63.
   */
  name: string;
  labels?: TextMap;
}
/**
 * One address block.
 */
export interface IpamBlock {
  /**
   * The block in CIDR form.
   */
  subnet: string;
  /**
   * Address of the gateway.
   */
  gateway?: string;
  /**
   * Part of the block that containers get addresses from.
   */
  ip_range?: string;
}
/**
 * A named volume that services mount.
 */
export interface VolumeManifest {
  apiVersion: ApiVersion;
  /**
   * What this document declares.
   */
  kind: 'Volume';
  metadata: ObjectMetadata;
  spec?: VolumeSpec;
}
/**
 * A file that services read as a secret, at `/run/secrets/<name>` unless they say otherwise. An edit of it replaces their containers.
 */
export interface SecretManifest {
  apiVersion: ApiVersion;
  /**
   * What this document declares.
   */
  kind: 'Secret';
  metadata: FileMetadata;
  spec: SecretSpec;
}
/**
 * Who this is.
 */
export interface FileMetadata {
  /**
   * Name by which services refer to it: letters, digits, `.`, `-` and `_`, at most 63.
   */
  name: string;
}
/**
 * A Compose secret that is a file.
 */
export interface SecretSpec {
  /**
   * Path of the file, of at most 1 MiB; a relative one starts at the manifest's folder. One outside of the manifest directory needs `--allow bind:<path>`.
   */
  file: string;
}
/**
 * A file that services read as a part of their configuration, at `/<name>` unless they say otherwise. An edit of it replaces their containers.
 */
export interface ConfigManifest {
  apiVersion: ApiVersion;
  /**
   * What this document declares.
   */
  kind: 'Config';
  metadata: FileMetadata;
  spec: ConfigSpec;
}
/**
 * A Compose config that is a file.
 */
export interface ConfigSpec {
  /**
   * Path of the file, of at most 1 MiB; a relative one starts at the manifest's folder. One outside of the manifest directory needs `--allow bind:<path>`.
   */
  file: string;
}
