import { afterEach, expect, test } from 'vitest';
import { serviceText } from '../cli/support/manifest-folder.js';
import { eventually } from '../support/eventually.js';
import { type CliWorld, createCliWorld, docker, IDLE } from './support/cli-world.js';

let world: CliWorld;
afterEach(() => world?.remove());

const VOLUME = '---\napiVersion: alicia/v1\nkind: Volume\nmetadata: {name: data}\nspec: {}\n';
const STACK =
  VOLUME +
  serviceText('db', `${IDLE}\n  volumes: ["data:/data"]`) +
  serviceText('web', `${IDLE}\n  depends_on: [db]`);

test('down must ask, and without anybody to answer it must change nothing', async () => {
  world = createCliWorld({ 'a.yaml': STACK });
  expect((await world.run('apply')).code).toBe(0);
  const refused = await world.run('down');
  expect(refused.code).toBe(1);
  expect(refused.err).toContain('give --yes');
  expect(world.containers()).toHaveLength(2);
});

test('down must remove dependants first, then networks, keep volumes, and need no manifests', async () => {
  world = createCliWorld({ 'a.yaml': STACK });
  expect((await world.run('apply')).code).toBe(0);
  const downed = await world.run('down --yes', { ALICIA_MANIFESTS: '/nowhere/at/all' });
  expect(downed.err).toBe('');
  expect(downed.code).toBe(0);
  expect([world.containers(), world.networks()]).toEqual([[], []]);
  expect(world.volumes()).toHaveLength(1);
  const lines = downed.out.split('\n');
  const at = (text: string) => lines.findIndex((line) => line.startsWith(text));
  expect(at('remove container web-1')).toBeLessThan(at('stop container db-1'));
  const again = await world.run('down --yes --volumes');
  expect(again.code).toBe(0);
  expect(world.volumes()).toEqual([]);
  expect((await world.run('down --yes')).out).toBe(`nothing of project ${world.project} is there\n`);
});

test('a network alone must go too', async () => {
  world = createCliWorld({ 'a.yaml': STACK });
  docker('network', 'create', '--label', `io.alicia.project=${world.project}`, world.network);
  expect((await world.run('down --yes')).code).toBe(0);
  expect(world.networks()).toEqual([]);
});

test('down must touch nothing of another project', async () => {
  world = createCliWorld({ 'a.yaml': STACK });
  const other = createCliWorld({ 'a.yaml': serviceText('stays', IDLE) });
  try {
    expect((await other.run('apply')).code).toBe(0);
    expect((await world.run('apply')).code).toBe(0);
    expect((await world.run('down --yes')).code).toBe(0);
    expect(other.containers()).toHaveLength(1);
    expect(other.networks()).toHaveLength(1);
  } finally {
    await other.remove();
  }
});

test('beside a running controller down must refuse and name it', async () => {
  world = createCliWorld({ 'a.yaml': STACK });
  const running = world.begin('run');
  await eventually(() => world.containers().length === 2, { timeoutMs: 30_000 });
  const refused = await world.run('down --yes');
  expect(refused.code).toBe(1);
  expect(refused.err).toContain(`pid ${running.child.pid}`);
  expect(world.containers()).toHaveLength(2);
  running.child.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
  expect((await world.run('down --yes')).code).toBe(0);
});
