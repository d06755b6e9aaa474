// Owns: what a plan believes of containers that are started, probed, on their way, or meant to end.
import { expect, test } from 'vitest';
import { planLines, planOf } from '../support/decision.js';

const PROBED = `
db: {image: "db:1", probes: [{tcp: {port: 80}}]}
web: {image: "web:1", depends_on: {db: {condition: service_healthy}}}`;
const REPLACED = [
  'create container db-1  its spec changed',
  'start container db-1  its spec changed',
  'stop container db-1  its successor is ready',
  'rename container db-1  kept until its successor is ready',
  'update container db-1  kept until its successor is ready',
  'remove container db-1  its successor is ready',
];

test('1.4 what is probed must be well after its start, so that dependants start', () => {
  const plan = planOf({ manifests: PROBED });
  expect(plan.steps.map(({ verb, object }) => `${verb} ${object}`)).toEqual([
    'create container db-1',
    'start container db-1',
    'create container web-1',
    'start container web-1',
  ]);
  expect(plan.waiting).toEqual([]);
});

test.each([
  ['well', 'probed=healthy'],
  ['not looked at yet', ''],
])('1.4 the replacement of a probed replica that is %s must end with the new one', (_, probed) => {
  const docker = `db-1 other running ${probed}\nweb-1 running`;
  expect(planLines({ manifests: PROBED, docker })).toEqual(REPLACED);
});

test.each(['exited', 'paused', 'running probed=unhealthy'])(
  '1.4 a probed replica that is %s must be well after it was brought back, so that dependants start',
  (state) => {
    const plan = planOf({ manifests: PROBED, docker: `db-1 ${state}` });
    expect(plan.steps.map(({ object }) => object)).toEqual([
      'container db-1',
      'container web-1',
      'container web-1',
    ]);
    expect(plan.waiting).toEqual([]);
  },
);

test.each([
  ['not probed yet', 'db: {image: "db:1", probes: [{tcp: {port: 80}}]}', 'running'],
  ['probed without a result', 'db: {image: "db:1", probes: [{tcp: {port: 80}}]}', 'running probed=starting'],
  [
    'not checked by Docker yet',
    'db: {image: "db:1", healthcheck: {test: [CMD, ok]}}',
    'running starting up=1',
  ],
])('1.4 what is on its way already, %s, must become well too', (_, db, state) => {
  const manifests = `${db}\nweb: {image: "web:1", depends_on: {db: {condition: service_healthy}}}`;
  const plan = planOf({ manifests, docker: `db-1 ${state}` });
  expect(plan.steps.map(({ verb, object }) => `${verb} ${object}`)).toEqual([
    'create container web-1',
    'start container web-1',
  ]);
  expect(plan.waiting).toEqual([]);
});

test('1.4 a new replica that is on its way already must succeed the old one', () => {
  const manifests = 'db: {image: "db:1", healthcheck: {test: [CMD, ok]}}';
  const docker = 'db-1 other running healthy\ndb-1 running starting up=1 id=b';
  expect(planLines({ manifests, docker })).toEqual(REPLACED.slice(2));
});

test('1.4 what cannot be probed at all must not be believed to be well', () => {
  const { steps, waiting } = planOf({ manifests: PROBED, docker: 'db-1 running blind' });
  expect(steps).toEqual([]);
  expect(waiting.map(({ service, reason }) => `${service} ${reason}`)).toEqual([
    'db ProbeUnreachable',
    'web DependencyNotReady',
  ]);
});

test('1.4 a service under `on-failure` that nobody expects to end must go on', () => {
  const manifests = `
db: {image: "db:1", restart: on-failure, healthcheck: {test: [CMD, ok]}}
web: {image: "web:1", restart: on-failure, depends_on: {db: {condition: service_healthy}}}`;
  const plan = planOf({ manifests });
  expect(plan.steps.map(({ verb, object }) => `${verb} ${object}`)).toEqual([
    'create container db-1',
    'start container db-1',
    'create container web-1',
    'start container web-1',
  ]);
  expect(plan.waiting).toEqual([]);
});

test('1.4 what has a check must go on under `restart: "no"` too, the check of its image included', () => {
  const web = 'web: {image: "web:1", depends_on: {db: {condition: service_healthy}}}';
  const declared = `db: {image: "db:1", restart: "no", healthcheck: {test: [CMD, ok]}}\n${web}`;
  expect(planLines({ manifests: declared })).toHaveLength(4);
  const inImage = `db: {image: "db:1", restart: "no", healthcheck: {}}\n${web}`;
  expect(planLines({ manifests: inImage, images: { 'db:1': 'checked' } })).toHaveLength(4);
});

test.each(['"no"', 'on-failure'])(
  '1.4 what others wait for to complete must end under `restart: %s`',
  (restart) => {
    const manifests = `
job: {image: "job:1", restart: ${restart}, healthcheck: {test: [CMD, ok]}}
early: {image: "early:1", depends_on: {job: {condition: service_healthy}}}
late: {image: "late:1", depends_on: {job: {condition: service_completed_successfully}}}`;
    expect(planOf({ manifests }).steps.map(({ verb, object }) => `${verb} ${object}`)).toEqual([
      'create container job-1',
      'start container job-1',
      'create container early-1',
      'start container early-1',
      'create container late-1',
      'start container late-1',
    ]);
    expect(planOf({ manifests, docker: 'job-1 running healthy' }).waiting).toEqual([]);
  },
);

test('1.4 a run that was cut off must be made once more, not as often as it may be cut off', () => {
  const manifests = 'job: {image: "job:1", restart: "no"}';
  expect(planLines({ manifests, docker: 'job-1 exited exit=143', killed: ['job-1'] })).toHaveLength(1);
});

test('1.4 two services that swap their host ports must both be replaced', () => {
  const manifests = `
a: {image: "a:1", ports: ["8081:80"]}
b: {image: "b:1", ports: ["8080:80"]}`;
  const docker = 'a-1 other running port=8080\nb-1 other running port=8081';
  const plan = planOf({ manifests, docker });
  expect(plan.summary).toMatchObject({ replace: 2 });
  expect(plan.waiting).toEqual([]);
  const started = plan.steps.filter(({ verb }) => verb === 'start').map(({ object }) => object);
  expect(started).toEqual(['container a-1', 'container b-1']);
});

test('1.4 a container of another spec that is not made to end must be stopped for a one-shot', () => {
  const manifests = `
db: {image: "db:1", healthcheck: {test: [CMD, ok]}}
job: {image: "job:1", restart: "no", depends_on: {db: {condition: service_healthy}}}`;
  const docker = 'db-1 running starting up=1\njob-1 other running policy=unless-stopped';
  expect(planLines({ manifests, docker })[0]).toBe('stop container job-1  its spec changed');
});
