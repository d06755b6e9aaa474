/**
 * How far a container is shut off from the host that it runs on.
 * Owns: the shape of it, and Docker's capabilities. Must not know: who may ask for what.
 */

/** What a container is given beyond, or taken away of, Docker's usual walls. */
export interface Isolation {
  readonly privileged: boolean;
  /** `host` or `container:<name>`; null: processes of its own. */
  readonly pidMode: string | null;
  /** `host`, `none`, `private`, `shareable` or `container:<name>`; null: as the engine is set. */
  readonly ipcMode: string | null;
  /** `host`: users are those of the host; null: as the engine is set. */
  readonly usernsMode: 'host' | null;
  /** Sorted by target. */
  readonly devices: readonly DeviceMapping[];
  /** Without `CAP_`, sorted; `ALL` stands for all. */
  readonly capAdd: readonly string[];
  /** Without `CAP_`, sorted; `ALL` stands for all. */
  readonly capDrop: readonly string[];
  /** `name=value`, sorted. `systempaths=unconfined` is among them, though Docker's API says it in another way. */
  readonly securityOptions: readonly string[];
  /** Sorted by name. */
  readonly sysctls: Readonly<Record<string, string>>;
}

/** A device of the host inside the container. */
export interface DeviceMapping {
  /** Absolute path on the host of the engine. */
  readonly source: string;
  readonly target: string;
  /** Some of `rwm`: read, write, make. */
  readonly permissions: string;
}

/** Docker's usual walls. */
export const USUAL_ISOLATION: Isolation = {
  privileged: false,
  pidMode: null,
  ipcMode: null,
  usernsMode: null,
  devices: [],
  capAdd: [],
  capDrop: [],
  securityOptions: [],
  sysctls: {},
};

/** What Docker leaves a container without being asked (moby: oci/caps/defaults.go). */
export const DEFAULT_CAPABILITIES: readonly string[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** Every capability of Linux (capabilities(7)). */
export const CAPABILITIES: readonly string[] = [
  ...DEFAULT_CAPABILITIES,
  ...['AUDIT_CONTROL', 'AUDIT_READ', 'BLOCK_SUSPEND', 'BPF', 'CHECKPOINT_RESTORE', 'DAC_READ_SEARCH'],
  ...['IPC_LOCK', 'IPC_OWNER', 'LEASE', 'LINUX_IMMUTABLE', 'MAC_ADMIN', 'MAC_OVERRIDE', 'NET_ADMIN'],
  ...['NET_BROADCAST', 'PERFMON', 'SYSLOG', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_MODULE', 'SYS_NICE', 'SYS_PACCT'],
  ...['SYS_PTRACE', 'SYS_RAWIO', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'WAKE_ALARM'],
];

/** A capability as Docker writes it: `cap_net_admin` → `NET_ADMIN`; null when there is none of that name. */
export function capabilityOf(text: string): string | null {
  const name = text.toUpperCase().replace(/^CAP_/, '');
  return name === 'ALL' || CAPABILITIES.includes(name) ? name : null;
}
