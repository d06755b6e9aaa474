import { expect, test } from 'vitest';
import { plainPaint } from '../../src/cli/paint.js';
import { renderServiceStatus, renderStatusProblems, renderStatusTable } from '../../src/cli/render-status.js';
import { renderReading } from '../../src/cli/status.js';
import { sampleStatus } from '../support/samples.js';

const paint = plainPaint;
const web = sampleStatus('web');
const stt = sampleStatus('stt', {
  state: 'failed',
  sync: 'OutOfSync',
  health: 'Degraded',
  reason: 'ImagePullFailed',
  message: 'no such\nimage \u001b[2Jstt:1',
  replicas: { desired: 2, current: 0, updated: 0, ready: 0 },
  instances: [],
});
const problem = {
  code: 'UNKNOWN_FIELD',
  severity: 'error',
  file: 'manifests/web.yaml',
  line: 12,
  column: 3,
  message: 'spec: unknown field "prots"',
  service: 'web',
} as const;

test('the table must show three axes, each with symbol and word', () => {
  expect(renderStatusTable([stt, web], { paint, isWide: false })).toEqual([
    'SERVICE  STATE      SYNC         HEALTH      READY  RESTARTS  VERSION',
    'stt      ✗ failed   ≠ OutOfSync  ✗ Degraded  0/2    0         1.27',
    'web      ● running  ✓ Synced     ✓ Healthy   1/1    0         1.27',
  ]);
});

test('the wide table must add image, ports, category and description', () => {
  expect(renderStatusTable([web], { paint, isWide: true })).toEqual([
    'SERVICE  STATE      SYNC      HEALTH     READY  RESTARTS  VERSION  IMAGE       PORTS         CATEGORY  DESCRIPTION',
    'web      ● running  ✓ Synced  ✓ Healthy  1/1    0         1.27     nginx:1.27  8080->80/tcp  core      -',
  ]);
});

test('a problem must be one line that begins with !, whatever its message holds', () => {
  expect(renderStatusProblems([stt, web], [problem], paint)).toEqual([
    '! stt  ImagePullFailed: no such image stt:1',
    '! manifests/web.yaml:12:3: error: spec: unknown field "prots" [UNKNOWN_FIELD]',
  ]);
});

test('with a name everything about that service must be shown', () => {
  expect(renderServiceStatus(web, paint).join('\n')).toBe(`web
  State     ● running
  Sync      ✓ Synced
  Health    ✓ Healthy
  Replicas  1 desired, 1 current, 1 updated, 1 ready
  Restarts  0
  Image     nginx:1.27
  Version   1.27
  Category  core, priority 1
  Needs     bus
  Revision  abc
  Hash      v1:${'0'.repeat(64)}
  Observed  2026-01-31T12:00:00.000Z

Conditions
  TYPE   STATUS  SINCE                     REASON
  Ready  True    2026-01-31T12:00:00.000Z  -

Instances
  SLOT  NAME                   STATE      HEALTH   RESTARTS  STARTED                   ADDRESS     PORTS         EXIT
  1     alicia-web-1-00000000  ● running  healthy  0         2026-01-31T11:00:00.000Z  172.18.0.2  8080->80/tcp  -`);
});

const reading = { statuses: [stt, web], problems: [], source: '' };
const view = { service: undefined, form: 'text', onlyProblems: false, paint } as const;

test('--only problems must leave out what is good', () => {
  expect(renderReading(reading, { ...view, onlyProblems: true, form: 'name' })).toBe('stt\n');
  expect(renderReading({ ...reading, statuses: [web] }, { ...view, onlyProblems: true })).toBe(
    'All services are good.\n',
  );
});

test('-o json must print the statuses as they are, and one object for a name', () => {
  expect(JSON.parse(renderReading(reading, { ...view, form: 'json' }))).toEqual([stt, web]);
  expect(JSON.parse(renderReading(reading, { ...view, form: 'json', service: 'web' }))).toEqual(web);
});

test('an unknown service must be an error that names the nearest', () => {
  expect(() => renderReading(reading, { ...view, service: 'wed' })).toThrow(
    'there is no service "wed" — did you mean "web"?',
  );
});
