// Owns: that a plan's model of Docker shows what Docker would show after each step, and while nothing is done.
import { describe, expect, test } from 'vitest';
import { afterStep, afterWhile, atFirstSight, type Model } from '../../src/core/world.js';
import { serviceName } from '../../src/model/ids.js';
import type { ObservedContainer, ObservedState } from '../../src/model/observed.js';
import { keys, type Step, type StepKind, type StepOf } from '../../src/model/step.js';
import { contextOf, pass, planLines, planOf, type Scene, settledMemory } from '../support/decision.js';
import { CARRIED } from '../support/decision-observed.js';

const WEB = 'web: {image: web:1}';
const FRONT = 'alicia_front';
const TWO = 'networks: {front: {}, back: {}}\nweb: {image: web:1, networks: [front, back]}';

function containerIn(state: ObservedState, service = 'web'): ObservedContainer {
  const container = state.services.get(serviceName(service))?.at(-1);
  if (container === undefined) throw new Error(`no container of ${service}`);
  return container;
}

/** The first step of that kind that the scene leads to. */
function stepIn<Kind extends StepKind>(scene: Scene, kind: Kind): StepOf<Kind> {
  const isOfKind = (step: Step): step is StepOf<Kind> => step.kind === kind;
  const step = pass(scene).steps.find(isOfKind);
  if (step === undefined) throw new Error(`no ${kind}`);
  return step;
}

const after = (scene: Scene, kind: StepKind): ObservedState =>
  afterStep(contextOf(scene), stepIn(scene, kind));

describe('1.4 what is made', () => {
  test('1.4 must be a container as its draft says, not yet started', () => {
    const manifests = 'web: {image: web:1, stop_grace_period: 7s, healthcheck: {test: [CMD, ok]}}';
    expect(containerIn(after({ manifests }, 'createContainer'))).toMatchObject({
      ...{
        status: 'created',
        exitCode: 0,
        oomKilled: false,
        error: '',
        pid: 0,
        startedAt: null,
        finishedAt: null,
      },
      ...{ restartCount: 0, restartPolicy: { name: 'unless-stopped', maximumRetryCount: 0 }, probed: null },
      health: { status: 'none', failingStreak: 0, lastOutput: '' },
      ...{ stopGraceMs: 7000, imageId: 'sha256:1', image: 'web:1', imageVersion: null },
      networkMode: 'alicia_bus_network',
      endpoints: [
        {
          ...{ network: 'alicia_bus_network', networkId: 'id of alicia_bus_network', aliases: ['web'] },
          ...{ ipAddress: '', fixedIpv4: null, fixedIpv6: null },
        },
      ],
      ...{ ports: {}, hostPorts: [], mounts: [], isSilent: false },
    });
  });

  test('1.4 must have the version of its image', () => {
    const context = contextOf({ manifests: WEB });
    const image = { id: 'sha256:7', version: '7', hasHealthcheck: false };
    const model: Model = {
      ...context,
      observed: { ...context.observed, images: new Map([['web:1', image]]) },
    };
    expect(containerIn(afterStep(model, stepIn({ manifests: WEB }, 'createContainer')))).toMatchObject({
      ...{ imageId: 'sha256:7', imageVersion: '7' },
    });
  });

  test.each([
    ['the check of its image', 'web: {image: web:1}', 'checked', true],
    ['none where neither declares one', 'web: {image: web:1}', undefined, false],
    ['the declared one', 'web: {image: web:1, healthcheck: {test: [CMD, ok]}}', undefined, true],
    ['none where it is taken away', 'web: {image: web:1, healthcheck: {disable: true}}', 'checked', false],
  ] as const)('6.4 must have %s', (_, manifests, word, hasCheck) => {
    const scene = { manifests, ...(word === undefined ? {} : { images: { 'web:1': word } }) };
    expect(containerIn(after(scene, 'createContainer')).check !== null).toBe(hasCheck);
  });

  test('1.4 must be possible while nothing is known of image and network', () => {
    const step = stepIn({ manifests: WEB }, 'createContainer');
    const { observed, ...rest } = contextOf({ manifests: WEB, images: { 'web:1': 'unseen' }, networks: [] });
    const container = containerIn(afterStep({ ...rest, observed }, step));
    expect(container).toMatchObject({
      imageId: '',
      imageVersion: null,
      check: null,
      endpoints: [{ networkId: '' }],
    });
  });

  test('2.4 must share the network of the container that it is made in, or have none', () => {
    const manifests = 'vpn: {image: vpn:1}\nweb: {image: web:1, network_mode: "service:vpn"}';
    const scene = { manifests, docker: 'vpn-1 running' };
    const { id } = containerIn(contextOf(scene).observed, 'vpn');
    expect(containerIn(after(scene, 'createContainer'))).toMatchObject({
      networkMode: `container:${id}`,
      endpoints: [],
    });
    const alone = containerIn(
      after({ manifests: 'web: {image: web:1, network_mode: none}' }, 'createContainer'),
    );
    expect(alone.endpoints).toEqual([]);
  });

  test('5.4 must mount the anonymous volumes of its predecessor', () => {
    const manifests = 'web: {image: web:1, volumes: ["/data"]}';
    const scene = { manifests, docker: 'web-1-old other exited policy=no carried=/data' };
    expect(containerIn(after(scene, 'createContainer')).mounts).toEqual([
      { kind: 'volume', source: CARRIED, target: '/data', readOnly: false },
    ]);
  });

  test('5.4 must be a network and a volume as declared', () => {
    const manifests = 'networks: {front: {}}\nvolumes: {data: {}}';
    const scene = { manifests, networks: [], volumes: [] };
    const { networks, volumes } = contextOf(scene).desired;
    const project = 'alicia';
    expect(after(scene, 'createNetwork').networks.get(FRONT)).toEqual({
      ...{ id: `planned:${FRONT}`, name: FRONT, driver: 'bridge', project, hash: networks.get(FRONT)?.hash },
    });
    expect(after(scene, 'createVolume').volumes.get('alicia_data')).toEqual({
      ...{ name: 'alicia_data', driver: 'local', project, hash: volumes.get('alicia_data')?.hash },
    });
  });

  test('1.4 must be an image with a check, for whoever waits for that', () => {
    const manifests = `bus: {image: bus:1, healthcheck: {}}\nweb: {image: web:1, depends_on: {bus: {condition: service_healthy}}}`;
    const plan = planOf({ manifests, images: { 'bus:1': 'missing' } });
    expect(plan.steps.map(({ object }) => object).at(-1)).toBe('container web-1');
    expect(plan.waiting).toEqual([]);
    const image = after({ manifests, images: { 'bus:1': 'missing' } }, 'pullImage').images.get('bus:1');
    expect(image).toEqual({ id: 'planned:bus:1', version: null, hasHealthcheck: true });
  });
});

describe('1.4 limits that are changed in place', () => {
  const limitsAfter = (fields: string, docker: string): ObservedContainer['resources'] =>
    containerIn(after({ manifests: `web: {image: web:1, ${fields}}`, docker }, 'updateContainer')).resources;

  test('3.3 must be shown as declared', () => {
    expect(limitsAfter('mem_limit: 64m, memswap_limit: 96m', 'web-1 running mem=32m')).toMatchObject({
      ...{ memoryBytes: 64 * 1024 * 1024, memorySwapBytes: 96 * 1024 * 1024, nanoCpus: 0 },
    });
    expect(limitsAfter('cpu_quota: 5000, cpu_period: 20000', 'web-1 running quota=4000')).toMatchObject({
      ...{ cpuQuotaUs: 5000, cpuPeriodUs: 20_000 },
    });
  });

  test('3.3 must be shown as declared from the beginning, too', () => {
    const fields = 'mem_limit: 64m, memswap_limit: 96m, cpu_quota: 5000, cpu_period: 20000';
    const scene = { manifests: `web: {image: web:1, ${fields}}` };
    expect(containerIn(after(scene, 'createContainer')).resources).toMatchObject({
      ...{ memorySwapBytes: 96 * 1024 * 1024, cpuQuotaUs: 5000, cpuPeriodUs: 20_000 },
    });
  });

  test('3.3 must not be touched by another restart policy', () => {
    const scene = { manifests: 'web: {image: web:1, mem_limit: 64m}', docker: 'web-1 running policy=no' };
    expect(containerIn(after(scene, 'updateContainer'))).toMatchObject({
      ...{ restartPolicy: { name: 'unless-stopped' }, resources: { memoryBytes: 64 * 1024 * 1024 } },
    });
  });
});

describe('1.4 ends in networks', () => {
  test('5.5 the plan of a network whose spec changed must take all off it, and put them back', () => {
    const docker = 'web-1 running';
    expect(planLines({ manifests: TWO, docker, changed: [FRONT] })).toEqual([
      `disconnect container web-1  network ${FRONT} is made anew`,
      `remove network ${FRONT}  its declaration changed`,
      `create network ${FRONT}  does not exist`,
      `connect container web-1  not on ${FRONT}`,
    ]);
  });

  test('3.3b they must be shown sorted, and the others as they were', () => {
    const off = { manifests: TWO, docker: 'web-1 running off=alicia_back' };
    const names = ({ endpoints }: ObservedContainer): readonly string[] =>
      endpoints.map(({ network }) => network);
    expect(names(containerIn(after(off, 'connectNetwork')))).toEqual(['alicia_back', FRONT]);
    const changed = { manifests: TWO, docker: 'web-1 running', changed: [FRONT] };
    expect(names(containerIn(after(changed, 'disconnectNetwork')))).toEqual(['alicia_back']);
    const gone = after({ manifests: TWO, changed: [FRONT] }, 'removeNetwork');
    expect([...gone.networks.keys()]).toEqual(['alicia_back']);
  });
});

describe('1.4 what goes', () => {
  test('5.4 the plan of fewer replicas must end with the volumes that they carried', () => {
    const volumes = [CARRIED, 'alicia_data'];
    const docker = 'web-1 running\nweb-2 exited carried=/data';
    const manifests = `volumes: {data: {}}\n${WEB}`;
    expect(planLines({ manifests, docker, volumes })).toEqual([
      'remove container web-2  more replicas than declared',
      `remove volume ${CARRIED}  its replica is gone for good`,
    ]);
    const memory = { ...settledMemory, leftVolumes: new Set([CARRIED]) };
    expect([...after({ manifests, volumes, memory }, 'removeVolume').volumes.keys()]).toEqual([
      'alicia_data',
    ]);
  });

  test('2.7 a service must be gone with its last container', () => {
    const one = { manifests: WEB, docker: 'web-1 exited' };
    const { id, name } = containerIn(contextOf(one).observed);
    const web = serviceName('web');
    const base = { key: keys.replica(web, 1), service: web, slot: 1, cause: '' };
    const step: Step = { ...base, kind: 'removeContainer', id, name, withVolumes: false, carried: [] };
    expect(afterStep(contextOf(one), step).services.has(web)).toBe(false);
    const two = contextOf({ manifests: WEB, docker: 'web-1 exited\nweb-2 exited' });
    expect(afterStep(two, step).services.get(web)).toHaveLength(1);
  });

  test('1.4 a step under way about a container that is gone must change nothing', () => {
    const { steps } = pass({ manifests: WEB, docker: 'web-1 running age=1\nweb-2 running' });
    expect(steps.map(({ kind }) => kind)).toEqual(['stopContainer']);
    const docker = 'web-1 running';
    expect(planLines({ manifests: WEB, docker, inFlight: steps })).toEqual([]);
    const removal = stepIn({ manifests: WEB, docker: 'web-1 running\nlost-1 exited' }, 'removeContainer');
    expect(planLines({ manifests: WEB, docker, inFlight: [removal] })).toEqual([]);
  });
});

describe('1.4 what runs', () => {
  test('1.4 must have neither ports nor a process once it is stopped', () => {
    const docker = 'web-1 running port=8080 age=5\nweb-2 running age=1';
    const { ports, hostPorts, pid, status, exitCode } = after({ manifests: WEB, docker }, 'stopContainer')
      .services.get(serviceName('web'))
      ?.find(({ owned }) => owned.slot === 1) ?? { status: 'gone' as const };
    expect({ ports, hostPorts, pid, status, exitCode }).toEqual({
      ...{ ports: {}, hostPorts: [], pid: 0, status: 'exited', exitCode: 137 },
    });
  });

  const wellAfter = (manifests: string, docker: string) => {
    const { status, health, probed } = containerIn(after({ manifests, docker }, 'startContainer'));
    return `${status} ${health.status} ${probed?.status ?? 'not probed'}`;
  };

  test.each([
    ['without any check', WEB, 'web-1 created', 'running none not probed'],
    [
      'with a check',
      'web: {image: web:1, healthcheck: {test: [CMD, ok]}}',
      'web-1 created',
      'running healthy not probed',
    ],
    [
      'with probes',
      'web: {image: web:1, probes: [{tcp: {port: 80}}]}',
      'web-1 created',
      'running none healthy',
    ],
    ['that discovery had a word for', WEB, 'web-1 created probed=unhealthy', 'running none healthy'],
  ])('6.5 must be well by what it has after its start: %s', (_, manifests, docker, well) => {
    expect(wellAfter(manifests, docker)).toBe(well);
  });

  test('6.5 must not be believed to be probed where it is not', () => {
    const model = contextOf({ manifests: WEB, docker: 'web-1 running\nlost-1 running policy=no' });
    expect(atFirstSight(model)).toBe(model.observed);
    expect(afterWhile(model)).toBe(model.observed);
  });

  test('6.4 must have had no signal once it is started, the others theirs', () => {
    const manifests = 'a: {image: a:1, restart: "no"}\nb: {image: b:1, restart: "no"}';
    const scene = { manifests, docker: 'a-1 exited exit=143\nb-1 exited exit=143', killed: ['a-1', 'b-1'] };
    const memory = pass({ ...scene, at: 997 }).memory;
    const started = after({ ...scene, memory }, 'startContainer');
    expect(started.killed).toEqual(new Set([containerIn(started, 'b').id]));
  });
});

describe('6.3 what is meant to end', () => {
  test('6.3 must have ended well after a while', () => {
    const model = contextOf({ manifests: 'job: {image: job:1, restart: "no"}', docker: 'job-1 running' });
    expect(containerIn(afterWhile(model), 'job')).toMatchObject({
      status: 'exited',
      exitCode: 0,
      oomKilled: false,
    });
  });

  test('6.3 must not be what its image brings a check for, unless others wait for its end', () => {
    const manifests = 'job: {image: job:1, restart: "no"}';
    const model = contextOf({ manifests, docker: 'job-1 running healthy' });
    expect(afterWhile(model)).toBe(model.observed);
  });
});
