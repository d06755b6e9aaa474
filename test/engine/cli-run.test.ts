import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { serviceText } from '../cli/support/manifest-folder.js';
import { eventually } from '../support/eventually.js';
import { type CliWorld, createCliWorld, docker, IDLE } from './support/cli-world.js';

let world: CliWorld;
afterEach(() => world?.remove());

const running = () => docker('ps', '--filter', `label=io.alicia.project=${world.project}`, '-q').length;

test('run must converge, follow an edit, and leave the containers running at SIGTERM', async () => {
  world = createCliWorld({ 'a.yaml': serviceText('web', IDLE) });
  const controller = world.begin('run');
  await eventually(() => running() === 1, { timeoutMs: 30_000 });
  world.folder.write('a.yaml', serviceText('web', `${IDLE}\n  replicas: 2`));
  await eventually(() => running() === 2, { timeoutMs: 30_000 });
  controller.child.kill('SIGTERM');
  const { code, out, err } = await controller.ended;
  expect([code, out]).toEqual([0, '']);
  expect(running()).toBe(2);
  for (const line of err.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
});

test('a second run must end 1 and name the first, and be possible at once after kill -9', async () => {
  world = createCliWorld({ 'a.yaml': serviceText('web', IDLE) });
  const first = world.begin('run');
  await eventually(() => running() === 1, { timeoutMs: 30_000 });
  const second = await world.run('run');
  expect(second.code).toBe(1);
  expect(second.err).toContain(`pid ${first.child.pid} (${world.folder.path})`);
  first.child.kill('SIGKILL');
  await first.ended;
  const third = world.begin('run');
  await eventually(async () => (await world.run('status')).err.includes(`pid ${third.child.pid}`), {
    timeoutMs: 30_000,
  });
  expect(running()).toBe(1);
});

test('beside a controller plan and status must ask it, and apply must wait for it', async () => {
  world = createCliWorld({ 'a.yaml': serviceText('web', IDLE) });
  const controller = world.begin('run');
  const name = `pid ${controller.child.pid}`;
  await eventually(() => running() === 1, { timeoutMs: 30_000 });
  world.folder.write('b.yaml', serviceText('late', IDLE));
  const applied = await world.run('apply');
  expect(applied.err).toContain(`the running controller (${name}`);
  expect(applied.code).toBe(0);
  expect(running()).toBe(2);
  const plan = await world.run('plan');
  expect([plan.code, plan.out]).toEqual([0, 'Nothing to do: 2 services unchanged.\n']);
  expect(plan.err).toContain(name);
  const status = await world.run('status -o name');
  expect([status.code, status.out]).toEqual([0, 'late\nweb\n']);
  expect(status.err).toContain(name);
  expect((await world.run('apply --detach')).code).toBe(0);
  const elsewhere = createCliWorld({ 'a.yaml': serviceText('other', IDLE) });
  const refused = await world.run(`apply ${elsewhere.folder.path}`);
  await elsewhere.remove();
  expect(refused.code).toBe(1);
  expect(refused.err).toContain(`watches ${world.folder.path}`);
});

test('status without and with a controller must be the same but for times', async () => {
  world = createCliWorld({
    'a.yaml': serviceText('web', IDLE) + serviceText('api', `${IDLE}\n  depends_on: [web]`),
  });
  expect((await world.run('apply')).code).toBe(0);
  const timeless = (text: string) =>
    JSON.parse(text, (key, value) =>
      ['last_seen', 'observed_at', 'lastTransitionTime'].includes(key) ? null : value,
    );
  const computed = await world.run('status -o json');
  world.begin('run');
  await eventually(
    async () => {
      const asked = await world.run('status -o json');
      expect(asked.err).toContain('asked the running controller');
      expect(timeless(asked.out)).toEqual(timeless(computed.out));
      return true;
    },
    { timeoutMs: 30_000 },
  );
});

test('a given port that is taken must end run with 1', async () => {
  world = createCliWorld({ 'a.yaml': serviceText('web', IDLE) });
  const holder = createServer();
  const port = await new Promise<number>((resolve) => {
    holder.listen(0, '127.0.0.1', () => {
      const address = holder.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const { code, err } = await world.run('run', { ALICIA_HTTP: `127.0.0.1:${port}` });
  holder.close();
  expect(code).toBe(1);
  expect(err).toContain('another process holds the port');
});

test('without an engine run must wait, and SIGTERM must end it with 0', async () => {
  world = createCliWorld({ 'a.yaml': serviceText('web', IDLE) });
  const controller = world.begin('run --docker-host unix:///nowhere/docker.sock');
  await eventually(() => controller.err().includes('No Docker Engine answers'), { timeoutMs: 30_000 });
  controller.child.kill('SIGTERM');
  expect((await controller.ended).code).toBe(0);
});
