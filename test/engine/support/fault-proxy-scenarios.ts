/**
 * What is done while a request goes wrong: three edits, each of which takes many requests.
 * Owns: their manifests, what must be there before and after, and what must hold on the way. Must not know: faults, proxies.
 */
import type { Happening } from './engine-view.js';
import { object, type Spec, service } from './project.js';
import { boundsOf } from './rollout-bounds.js';

/** What is declared, and what the engine must then hold of the project: exactly this. Names begin with the project's. */
export interface World {
  /** Documents by file. */
  readonly files: Readonly<Record<string, readonly Spec[]>>;
  /** `<service> <slot> <image>`, sorted. */
  readonly containers: readonly string[];
  /** Endings of names, sorted. */
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** An edit; versions are counted, so that it can be made again and again. */
export interface Scenario {
  /** In the title of a test: `in <name>`. */
  readonly name: string;
  /** True: the controller is not there when the edit is made, and all but the bystander is new to it. */
  readonly isFirstStart: boolean;
  readonly before: (version: number) => World;
  readonly after: (version: number) => World;
  /** How many containers the edit makes, of each service that gets any. */
  readonly creations: Readonly<Record<string, number>>;
  /** What went wrong on the way, by what happened from the index `since` on; empty: nothing. */
  readonly wrongs: (happenings: readonly Happening[], since: number) => readonly string[];
}

/** The service that no edit is about. */
export const BYSTANDER = 'bystander';

const BEFORE = 'alicia-test:1';
/** Versions that follow each other differ in their image. */
const imageOf = (version: number): string => `alicia-test:${1 + (version % 2)}`;
const check: Spec = { test: ['CMD', 'true'], interval: '600ms', timeout: '5s', retries: 5 };

const bystander: readonly Spec[] = [
  object('Volume', 'keep'),
  service(BYSTANDER, { volumes: ['keep:/keep'] }),
];
const alone: World = {
  files: { 'bystander.yaml': bystander },
  containers: [`${BYSTANDER} 1 ${BEFORE}`],
  networks: ['-bus'],
  volumes: ['_keep'],
};

/** What is there beside the bystander. */
const besides = (world: Partial<World>): World => ({
  files: { ...alone.files, ...world.files },
  containers: [...alone.containers, ...(world.containers ?? [])].sort(),
  networks: [...alone.networks, ...(world.networks ?? [])].sort(),
  volumes: [...alone.volumes, ...(world.volumes ?? [])].sort(),
});

const firstStart: Scenario = {
  name: 'the first start of a service and one that needs it',
  isFirstStart: true,
  before: () => alone,
  after: (version) =>
    besides({
      files: {
        'graph.yaml': [
          object('Network', 'inner'),
          object('Volume', 'data'),
          service('base', {
            ...{ image: imageOf(version), healthcheck: check, networks: ['inner'], volumes: ['data:/data'] },
          }),
          service('top', {
            ...{ image: imageOf(version), networks: ['inner'] },
            depends_on: { base: { condition: 'service_healthy' } },
          }),
        ],
      },
      containers: [`base 1 ${imageOf(version)}`, `top 1 ${imageOf(version)}`],
      networks: ['_inner'],
      volumes: ['_data'],
    }),
  creations: { base: 1, top: 1 },
  wrongs: (happenings, since) => {
    const lately = happenings.slice(since);
    const first = (name: string, action: string): number =>
      lately.findIndex((each) => each.service === name && each.action === action);
    const isEarly = first('top', 'start') < first('base', 'health_status: healthy');
    return isEarly ? ['top was started before base was healthy'] : [];
  },
};

const replacement: Scenario = {
  name: 'the replacement of two replicas, the new one first',
  isFirstStart: false,
  before: (version) => rolled(version - 1),
  after: (version) => rolled(version),
  creations: { pair: 2 },
  wrongs: (happenings, since) => {
    const { fewestReady, mostLive } = boundsOf(happenings, { service: 'pair', since });
    return [
      ...(fewestReady < 1 ? ['no replica of pair was ready for a while'] : []),
      ...(mostLive > 3 ? [`${mostLive} replicas of pair ran at the same time`] : []),
    ];
  },
};

const rolled = (version: number): World =>
  besides({
    files: {
      'pair.yaml': [
        service('pair', {
          ...{ image: imageOf(version), replicas: 2, healthcheck: check },
          deploy: { update_config: { order: 'start-first' } },
        }),
      ],
    },
    containers: [1, 2].map((slot) => `pair ${slot} ${imageOf(version)}`),
  });

const removal: Scenario = {
  name: 'the removal of a service beside a change of another, the old one stopped first',
  isFirstStart: false,
  before: (version) => changed(version - 1, true),
  after: (version) => changed(version, false),
  creations: { single: 1 },
  wrongs: (happenings, since) => {
    const { mostLive } = boundsOf(happenings, { service: 'single', since });
    return mostLive > 1 ? ['two of single ran at the same time'] : [];
  },
};

const changed = (version: number, hasExtra: boolean): World =>
  besides({
    files: {
      'data.yaml': [object('Volume', 'data')],
      'single.yaml': [
        service('single', {
          ...{ image: imageOf(version), volumes: ['data:/data'] },
          deploy: { update_config: { order: 'stop-first', monitor: '500ms' } },
        }),
      ],
      ...(hasExtra ? { 'extra.yaml': [service('extra', { depends_on: ['single'] })] } : {}),
    },
    containers: [`single 1 ${imageOf(version)}`, ...(hasExtra ? [`extra 1 ${BEFORE}`] : [])],
    volumes: ['_data'],
  });

/** The edits. */
export const SCENARIOS: readonly Scenario[] = [firstStart, replacement, removal];
