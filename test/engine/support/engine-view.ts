/**
 * What the engine says of one project, asked directly.
 * Owns: looking, and the doings of an outsider. Must not know: the program, manifests.
 */
import Docker from 'dockerode';

/** One container of the project. Times are Docker's own texts: they sort. */
export interface Sighting {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly slot: number;
  /** `created`, `running`, `paused`, `restarting`, `exited`, … */
  readonly status: string;
  readonly image: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly exitCode: number;
  readonly restarts: number;
  readonly restartPolicy: string;
  /** `healthy`, `starting`, `unhealthy`; `none` without a check. */
  readonly health: string;
  /** Names of networks that it is on, sorted. */
  readonly networks: readonly string[];
}

/** Something that happened to a container. */
export interface Happening {
  /** `create`, `start`, `die`, `destroy`, `health_status: healthy`, … */
  readonly action: string;
  readonly service: string;
  readonly id: string;
}

/** One project on the engine. */
export interface EngineView {
  readonly docker: Docker;
  /** Sorted by name. */
  containers(): Promise<readonly Sighting[]>;
  /** Names, sorted. */
  networks(): Promise<readonly string[]>;
  /** Names, sorted. */
  volumes(): Promise<readonly string[]>;
  /** What happened to containers since the view was opened, oldest first, without the health checks themselves. */
  readonly happenings: readonly Happening[];
  /** Runs a command in a container to its end; resolves with what it printed. */
  execute(id: string, command: readonly string[]): Promise<string>;
  removeAll(): Promise<void>;
  close(): void;
}

/** Opens a view of everything with this project label. */
export async function openEngineView(project: string): Promise<EngineView> {
  const docker = new Docker();
  const filters = { label: [`io.alicia.project=${project}`] };
  const happenings: Happening[] = [];
  const closeHistory = await record(docker, filters, happenings);
  const networks = async () => (await docker.listNetworks({ filters })).map(({ Name }) => Name).sort();
  const volumes = async () =>
    ((await docker.listVolumes({ filters })).Volumes ?? []).map(({ Name }) => Name).sort();
  return {
    docker,
    containers: () => lookAtContainers(docker, filters),
    networks,
    volumes,
    happenings,
    execute: (id, command) => execute(docker, id, command),
    removeAll: async () => {
      const all = await docker.listContainers({ all: true, filters });
      await Promise.all(all.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
      for (const name of await networks()) await docker.getNetwork(name).remove();
      for (const name of await volumes()) await docker.getVolume(name).remove();
    },
    close: closeHistory,
  };
}

async function lookAtContainers(
  docker: Docker,
  filters: { readonly label: string[] },
): Promise<readonly Sighting[]> {
  const all = await docker.listContainers({ all: true, filters });
  const seen = await Promise.all(all.map(({ Id }) => lookAt(docker, Id)));
  return seen
    .flatMap((sighting) => sighting ?? [])
    .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}

/** Null: it has gone since it was listed. */
async function lookAt(docker: Docker, id: string): Promise<Sighting | null> {
  try {
    const { Id, Name, Config, State, HostConfig, RestartCount, NetworkSettings } = await docker
      .getContainer(id)
      .inspect();
    return {
      id: Id,
      name: Name.slice(1),
      service: Config.Labels['io.alicia.service'] ?? '',
      slot: Number(Config.Labels['io.alicia.slot']),
      status: State.Status,
      image: Config.Image,
      startedAt: State.StartedAt,
      finishedAt: State.FinishedAt,
      exitCode: State.ExitCode,
      restarts: RestartCount,
      restartPolicy: HostConfig.RestartPolicy?.Name ?? '',
      health: State.Health?.Status ?? 'none',
      networks: Object.keys(NetworkSettings.Networks).sort(),
    };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw error;
  }
}

async function record(
  docker: Docker,
  filters: { readonly label: string[] },
  happenings: Happening[],
): Promise<() => void> {
  const stream = await docker.getEvents({ filters: { ...filters, type: ['container'] } });
  let rest = '';
  stream.on('data', (bytes: Buffer) => {
    const lines = `${rest}${bytes.toString('utf8')}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((each) => each.trim() !== '')) {
      const { Action, Actor } = JSON.parse(line) as {
        Action: string;
        Actor: { ID: string; Attributes: Record<string, string> };
      };
      if (Action.startsWith('exec_')) continue;
      const service = Actor.Attributes['io.alicia.service'] ?? '';
      happenings.push({ action: Action, service, id: Actor.ID });
    }
  });
  stream.on('error', () => {});
  return () => (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
}

async function execute(docker: Docker, id: string, command: readonly string[]): Promise<string> {
  const exec = await docker
    .getContainer(id)
    .exec({ Cmd: [...command], Tty: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ Tty: true });
  let said = '';
  stream.on('data', (bytes: Buffer) => {
    said += bytes.toString('utf8');
  });
  await new Promise<void>((resolve, reject) => {
    stream.once('end', resolve);
    stream.once('error', reject);
  });
  return said;
}
