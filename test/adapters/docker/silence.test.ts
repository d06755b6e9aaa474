// Owns: that one container that gives no answer does not hide the others.
import { afterEach, expect, test } from 'vitest';
import { createDockerEngine } from '../../../src/adapters/docker/engine.js';
import { createVirtualClock } from '../../support/simulation/virtual-clock.js';
import { type FakeDaemon, hang, json, type Route, startFakeDaemon } from './fake-daemon.js';

const daemons: FakeDaemon[] = [];
afterEach(async () => {
  for (const daemon of daemons.splice(0)) await daemon.stop();
});

const labelsOf = (service: string): Readonly<Record<string, string>> => ({
  'io.alicia.project': 'alicia',
  'io.alicia.service': service,
  'io.alicia.slot': '1',
  'io.alicia.hash': 'v1:00',
});
const entryOf = (id: string, service: string): object => ({
  Id: id,
  Names: [`/alicia-${service}-1-00`],
  Image: 'web:1',
  ImageID: 'sha256:1',
  Created: 1_769_860_800,
  State: 'running',
  Ports: [],
  Labels: labelsOf(service),
  HostConfig: { NetworkMode: 'bus' },
  NetworkSettings: { Networks: { bus: { NetworkID: 'n1', IPAddress: '172.20.0.2' } } },
  Mounts: [{ Type: 'volume', Name: 'data', Destination: '/data', RW: true }],
});
const inspectOf = (id: string, service: string): object => ({
  Id: id,
  Name: `/alicia-${service}-1-00`,
  State: { Status: 'running' },
  Config: { Labels: labelsOf(service) },
});
const [well, hung] = ['a'.repeat(64), 'b'.repeat(64)];

async function listWith(inspectOfHung: Route) {
  const daemon = await startFakeDaemon({
    'GET /containers/json': json(200, [entryOf(well, 'well'), entryOf(hung, 'hung')]),
    'GET /networks': json(200, []),
    'GET /volumes': json(200, { Volumes: [] }),
    [`GET /containers/${well}/json`]: json(200, inspectOf(well, 'well')),
    [`GET /containers/${hung}/json`]: inspectOfHung,
  });
  daemons.push(daemon);
  const clock = createVirtualClock();
  const engine = createDockerEngine({ dockerHost: daemon.host, project: 'alicia', clock });
  await engine.connect({ deadlineMs: 60_000 });
  const listing = engine.list({ deadlineMs: 60_000 });
  let isOver = false;
  const end = (): void => {
    isOver = true;
  };
  void listing.then(end, end);
  // Time passes only once the daemon has been asked about both.
  const isAsked = (): boolean =>
    [well, hung].every((id) => daemon.requests.some(({ url }) => url.includes(id)));
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve));
    if (isAsked() && inspectOfHung === hang) await clock.advance(100);
  }
  return (await listing).containers;
}

test('8.14 a container whose inspect hangs must be listed as silent, with what the list says of it', async () => {
  const containers = await listWith(hang);
  const found = containers.map(({ kind, container }) => [
    kind,
    container.id,
    'isSilent' in container && container.isSilent,
  ]);
  expect(found).toEqual([
    ['ours', well, false],
    ['ours', hung, true],
  ]);
  expect(containers[1]?.container).toMatchObject({
    name: 'alicia-hung-1-00',
    status: 'running',
    owned: { service: 'hung', slot: 1 },
    mounts: [{ source: 'data', target: '/data' }],
  });
});

test('8.14 a container that Docker fails to inspect must be silent too', async () => {
  const containers = await listWith(json(500, { message: 'layer does not exist' }));
  expect(containers.map(({ container }) => 'isSilent' in container && container.isSilent)).toEqual([
    false,
    true,
  ]);
});

test('8.2 an inspect of a list that is cut off must fail the list: nothing is decided on a part of it', async () => {
  await expect(listWith((response) => void response.socket?.destroy())).rejects.toMatchObject({
    failure: { code: 'unreachable' },
  });
});
