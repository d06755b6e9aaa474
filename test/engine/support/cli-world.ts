// Owns: the built command as a process, in a project of its own that is gone after the test.
// Only processes started here are ever signalled, each by its own handle.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createManifestFolder, type ManifestFolder } from '../../cli/support/manifest-folder.js';
import { mainFile } from '../../support/paths.js';

/** What a command came to. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command under way. */
export interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<Ended>;
}

/** A project with its manifests. */
export interface CliWorld {
  readonly project: string;
  readonly network: string;
  readonly folder: ManifestFolder;
  /** Begins a command; `under`: a program that runs it. */
  begin(words: string, environment?: Readonly<Record<string, string>>, under?: readonly string[]): Running;
  /** Runs a command to its end. */
  run(words: string, environment?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Names of the project's containers, sorted. */
  containers(): readonly string[];
  networks(): readonly string[];
  volumes(): readonly string[];
  remove(): Promise<void>;
}

/** Runs docker, and splits what it prints into lines. */
export const docker = (...words: readonly string[]): readonly string[] =>
  execFileSync('docker', words, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');

/** A service that does nothing until it is stopped, and then stops at once. */
export const IDLE = '  image: alicia-test:1';
/** The same, with a check. */
export const CHECKED = `${IDLE}\n  healthcheck: {test: ["CMD", "/bin/true"], interval: 1s}`;

/** Makes a project of a random name. */
export function createCliWorld(files: Readonly<Record<string, string>>): CliWorld {
  const project = `cli${randomBytes(4).toString('hex')}`;
  const network = `${project}_net`;
  const folder = createManifestFolder(files);
  const started: Running[] = [];
  const label = `label=io.alicia.project=${project}`;
  const begin: CliWorld['begin'] = (words, environment = {}, under = []) => {
    const running = start([...under, process.execPath, mainFile, ...words.split(' ')], {
      ...inherited(),
      ALICIA_PROJECT: project,
      ALICIA_NETWORK: network,
      ALICIA_MANIFESTS: folder.path,
      ALICIA_MQTT_URL: 'off',
      ALICIA_HTTP: 'off',
      ...environment,
    });
    started.push(running);
    return running;
  };
  const containers = () => docker('ps', '-a', '--filter', label, '--format', '{{.Names}}').slice().sort();
  const networks = () => docker('network', 'ls', '--filter', label, '--format', '{{.Name}}').slice().sort();
  const volumes = () => docker('volume', 'ls', '--filter', label, '--format', '{{.Name}}').slice().sort();
  return {
    ...{ project, network, folder, begin, containers, networks, volumes },
    run: (words, environment) => begin(words, environment).ended,
    remove: async () => {
      for (const { child } of started) child.kill('SIGKILL');
      await Promise.all(started.map(({ ended }) => ended));
      for (const name of containers()) docker('rm', '-f', name);
      for (const name of networks()) docker('network', 'rm', name);
      for (const name of volumes()) docker('volume', 'rm', name);
      folder.remove();
    },
  };
}

/** The environment of the tests without settings of the program. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ALICIA_')));

function start([program = '', ...words]: readonly string[], env: NodeJS.ProcessEnv): Running {
  const child = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
  return { child, ended, out: () => texts.out, err: () => texts.err };
}
