/**
 * The commands of this version: names, words, options, help.
 * Owns: what can be typed. Must not know: commander, what a command does (each is loaded when it is called).
 */
import type { CommandFunction } from './invocation.js';

/** An option of one command alone. */
export interface CommandOption {
  /** As commander takes them: `-o, --output <form>`. */
  readonly flags: string;
  readonly help: string;
}

/** One command. */
export interface CommandEntry {
  readonly name: string;
  /** Its words: `[dir...]`; empty: none. */
  readonly words: string;
  readonly wordsHelp: string;
  readonly summary: string;
  readonly details: string;
  /** Exit codes, as the help shows them. */
  readonly exits: string;
  readonly options: readonly CommandOption[];
  /** General flags that its help shows; the others are taken too. */
  readonly flags: readonly string[] | 'all';
  readonly examples: readonly (readonly [string, string])[];
  readonly load: () => Promise<CommandFunction>;
}

const DIRECTORIES = {
  words: '[dir...]',
  wordsHelp: 'manifest directories (default: ALICIA_MANIFESTS, else ./manifests)',
} as const;
const NO_WORDS = { words: '', wordsHelp: '' } as const;
const ONE_SERVICE = { words: '[service]', wordsHelp: 'name of a service' } as const;

const MANIFESTS = ['manifests', 'project', 'network', 'allow'] as const;
const ENGINE = ['docker-host', 'log-level'] as const;
const PRUNE = ['allow-empty', 'allow-mass-prune'] as const;

const output = (forms: string): CommandOption => ({ flags: '-o, --output <form>', help: forms });

/** Every command, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'run',
    ...DIRECTORIES,
    summary: 'run the controller: watch, converge, publish, serve',
    details:
      'Keeps Docker as the manifests say until it is told to end. SIGTERM and Ctrl-C finish the steps in flight and leave the containers running; a second one ends at once.',
    exits: '0; 1 bad configuration, or another controller of the project is running',
    options: [],
    flags: 'all',
    examples: [
      ['alicia run', 'what ./manifests says'],
      ['alicia run /srv/stacks --mqtt-url mqtt://bus:1883', 'with a broker of your own'],
      ['ALICIA_HTTP=off alicia run', 'every flag is also a variable'],
    ],
    load: async () => (await import('./run.js')).run,
  },
  {
    name: 'apply',
    ...DIRECTORIES,
    summary: 'converge once and wait until everything is as declared',
    details:
      'Done when every service is Synced and Healthy, Completed or Suspended. Beside a running controller it changes nothing itself but waits until that one has done it.',
    exits: '0; 1 not converged, or files in error; 130 Ctrl-C',
    options: [
      { flags: '--timeout <duration>', help: 'give up after so long without progress (default 5m)' },
      { flags: '--detach', help: 'beside a running controller: do not wait' },
    ],
    flags: [...MANIFESTS, ...ENGINE, ...PRUNE, 'concurrency'],
    examples: [
      ['alicia apply', 'what ./manifests says'],
      ['alicia apply stacks --timeout 10m', 'for images that take long to pull'],
    ],
    load: async () => (await import('./apply.js')).apply,
  },
  {
    name: 'plan',
    ...DIRECTORIES,
    summary: 'show what apply would do, step by step',
    details: 'Changes nothing and pulls nothing. What waits is listed with its reason.',
    exits: '0 no change; 2 changes; 1 error (the plan is printed all the same)',
    options: [output('text (default) or json')],
    flags: [...MANIFESTS, ...ENGINE, ...PRUNE],
    examples: [
      ['alicia plan', 'what ./manifests would change'],
      ['alicia plan -o json', 'for programs'],
    ],
    load: async () => (await import('./plan.js')).plan,
  },
  {
    name: 'validate',
    ...DIRECTORIES,
    summary: 'check the manifests; needs no Docker',
    details: 'Prints every problem with its file, line and column, and counts what was found.',
    exits: '0; 1 a manifest is in error',
    options: [output('text (default), json or github (annotations)')],
    flags: MANIFESTS,
    examples: [
      ['alicia validate', 'check ./manifests'],
      ['alicia validate stacks -o github', 'in a workflow of GitHub Actions'],
    ],
    load: async () => (await import('./validate.js')).validate,
  },
  {
    name: 'status',
    ...ONE_SERVICE,
    summary: 'show how the services do; with a name all about that one',
    details:
      'Asks the running controller of the project, else computes it from the manifests and Docker, and says which.',
    exits: '0; with --exit-code 2 if not all is good',
    options: [
      output('text (default), wide, json or name'),
      { flags: '-w, --watch', help: 'look again and again, until Ctrl-C' },
      { flags: '--only <what>', help: '"problems": services that are not good' },
      { flags: '--exit-code', help: 'exit with 2 if not all is good' },
    ],
    flags: [...MANIFESTS, ...ENGINE],
    examples: [
      ['alicia status', 'a table, then one line per problem'],
      ['alicia status web', 'all about one service'],
      ['alicia status --only problems --exit-code', 'for a monitor'],
    ],
    load: async () => (await import('./status.js')).status,
  },
  {
    name: 'graph',
    ...ONE_SERVICE,
    summary: 'show who needs whom, in start order; needs no Docker',
    details: 'With a name: what that service needs.',
    exits: '0; 1 on a cycle, which is printed',
    options: [output('text (default), mermaid, dot or json')],
    flags: MANIFESTS,
    examples: [
      ['alicia graph', 'every service'],
      ['alicia graph web -o dot | dot -Tsvg > web.svg', 'what web needs, as a picture'],
    ],
    load: async () => (await import('./graph.js')).graph,
  },
  {
    name: 'down',
    ...NO_WORDS,
    summary: "stop and remove the project's containers and networks",
    details: 'Dependants go first. Volumes stay unless --volumes. Needs no manifests.',
    exits: '0; 1 something is left, or beside a running controller without --force; 130 Ctrl-C',
    options: [
      { flags: '-y, --yes', help: 'do not ask' },
      { flags: '--volumes', help: 'remove the named volumes too: their data is lost' },
      { flags: '--force', help: 'even beside a running controller, which will bring everything back' },
    ],
    flags: ['project', ...ENGINE],
    examples: [
      ['alicia down', 'asks first'],
      ['alicia down --yes --project demo', 'another project, without asking'],
    ],
    load: async () => (await import('./down.js')).down,
  },
  {
    name: 'schema',
    ...NO_WORDS,
    summary: 'print the JSON Schema of a manifest, for editors',
    details: 'JSON Schema draft 2020-12.',
    exits: '0',
    options: [],
    flags: [],
    examples: [['alicia schema > manifest.schema.json', 'keep it beside the manifests']],
    load: async () => (await import('./schema.js')).schema,
  },
];
