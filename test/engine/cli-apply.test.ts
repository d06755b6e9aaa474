import { afterEach, expect, test } from 'vitest';
import { serviceText } from '../cli/support/manifest-folder.js';
import { eventually } from '../support/eventually.js';
import { CHECKED, type CliWorld, createCliWorld, docker, IDLE } from './support/cli-world.js';

let world: CliWorld;
afterEach(() => world?.remove());

const STACK =
  serviceText('bus', CHECKED) +
  serviceText(
    'init',
    `${IDLE}\n  command: ["/bin/true"]\n  restart: "no"\n  depends_on: {bus: {condition: service_healthy}}`,
  ) +
  serviceText(
    'web',
    `${IDLE}\n  replicas: 2\n  depends_on: {init: {condition: service_completed_successfully}}`,
  );

test('apply must do exactly the steps that plan printed, and plan must print none afterwards', async () => {
  world = createCliWorld({ 'stack.yaml': STACK });
  const before = await world.run('plan');
  expect(before.code).toBe(2);
  expect(world.containers()).toEqual([]);
  const applied = await world.run('apply');
  expect(applied.code).toBe(0);
  expect(world.containers()).toHaveLength(4);
  const steps = (text: string) => text.trimEnd().split('\n').slice(0, -1).sort();
  expect(steps(applied.out)).toEqual(steps(before.out));
  const after = await world.run('plan -o json');
  expect(after.code).toBe(0);
  expect(JSON.parse(after.out)).toEqual({
    steps: [],
    waiting: [],
    summary: { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 3 },
  });
  const started = (name: string) =>
    Date.parse(docker('inspect', '-f', '{{.State.StartedAt}}', name)[0] ?? '');
  const nameOf = (service: string) => world.containers().find((name) => name.includes(`-${service}-`)) ?? '';
  expect(started(nameOf('bus'))).toBeLessThan(started(nameOf('init')));
  expect(started(nameOf('init'))).toBeLessThan(started(nameOf('web')));
});

test('status must compute the same states from the files and Docker, and say so', async () => {
  world = createCliWorld({ 'stack.yaml': STACK });
  const before = await world.run('status --exit-code');
  expect(before.code).toBe(2);
  expect((await world.run('apply')).code).toBe(0);
  const after = await world.run('status --exit-code -o json');
  expect(after.code).toBe(0);
  expect(after.err).toContain('computed from the manifests and Docker');
  const rows = JSON.parse(after.out).map((each: Record<string, unknown>) => [
    each.service,
    each.state,
    each.sync,
    each.health,
  ]);
  expect(rows).toEqual([
    ['bus', 'running', 'Synced', 'Healthy'],
    ['init', 'stopped', 'Synced', 'Completed'],
    ['web', 'running', 'Synced', 'Healthy'],
  ]);
});

test('a service that is no longer declared must go, and plan must say so', async () => {
  world = createCliWorld({ 'a.yaml': serviceText('keep', IDLE), 'b.yaml': serviceText('gone', IDLE) });
  expect((await world.run('apply')).code).toBe(0);
  world.folder.write('b.yaml', serviceText('gone', IDLE).replace(/^(?=.)/gm, '# '));
  const plan = await world.run('plan');
  expect(plan.out).toContain('remove container gone-1');
  expect((await world.run('apply')).code).toBe(0);
  expect(world.containers().filter((name) => name.includes('gone'))).toEqual([]);
  expect(world.containers()).toHaveLength(1);
});

test('7.6 a service that stood at the end of a file must stay when that is cut off, and plan and apply say what to do', async () => {
  const [keep, gone] = [serviceText('keep', IDLE), serviceText('gone', IDLE)];
  world = createCliWorld({ 'all.yaml': `${keep}${gone}`, 'b.yaml': serviceText('other', IDLE) });
  expect((await world.run('apply')).code).toBe(0);
  const before = world.containers();
  world.folder.write('all.yaml', keep);
  const plan = await world.run('plan');
  expect(plan.out).not.toContain('remove');
  expect(plan.out).toContain('gone was manifest 2 of all.yaml');
  const applied = await world.run('apply');
  expect(applied.code).toBe(1);
  expect(applied.out + applied.err).toContain('gone was manifest 2 of all.yaml');
  expect(world.containers()).toEqual(before);
  world.folder.write('.alicia-prune', 'gone\n');
  expect((await world.run('apply')).code).toBe(0);
  expect(world.containers()).toEqual(before.filter((name) => !name.includes('gone')));
});

test('with a file in error the rest must converge, the problem be told, and the exit code be 1', async () => {
  world = createCliWorld({
    'good.yaml': serviceText('good', IDLE),
    'bad.yaml': serviceText('bad', '  image: a\n  prots: []'),
  });
  const plan = await world.run('plan');
  expect(plan.code).toBe(1);
  expect(plan.out).toContain('create container good-1');
  const applied = await world.run('apply');
  expect(applied.code).toBe(1);
  expect(applied.err).toContain('did you mean "ports"? [UNKNOWN_FIELD]');
  expect(world.containers().map((name) => name.includes('-good-1-'))).toEqual([true]);
});

test('a one-shot that fails must end apply at once, with its name and why', async () => {
  world = createCliWorld({
    'a.yaml':
      serviceText('job', `${IDLE}\n  command: ["/bin/false"]\n  restart: "no"`) +
      serviceText('web', `${IDLE}\n  depends_on: {job: {condition: service_completed_successfully}}`),
  });
  const applied = await world.run('apply --timeout 60s');
  expect(applied.code).toBe(1);
  expect(applied.err).toContain('not converged (waiting would not help)');
  expect(applied.err).toMatch(/ {2}job {2}Degraded, .*StartFailed/);
  expect(applied.err).toMatch(/ {2}web {2}Missing, .*DependencyNotReady/);
});

test('what never becomes healthy must end apply after the time without progress, naming it', async () => {
  world = createCliWorld({
    'a.yaml': serviceText(
      'sick',
      `${IDLE}\n  healthcheck: {test: ["CMD", "/bin/false"], interval: 1s, start_period: 1h}`,
    ),
  });
  const applied = await world.run('apply --timeout 2s');
  expect(applied.code).toBe(1);
  expect(applied.err).toContain('not converged (no progress for 2 s)');
  expect(applied.err).toContain('  sick  Progressing');
});

test('Ctrl-C must end apply with 130 and leave what runs', async () => {
  world = createCliWorld({
    'a.yaml': serviceText(
      'slow',
      `${IDLE}\n  healthcheck: {test: ["CMD", "/bin/false"], interval: 1s, start_period: 1h}`,
    ),
  });
  const running = world.begin('apply');
  await eventually(
    () => docker('ps', '--filter', `label=io.alicia.project=${world.project}`, '-q').length === 1,
  );
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  expect(world.containers()).toHaveLength(1);
});
