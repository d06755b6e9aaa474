// Owns: how the four conditions follow from the axes, and when the time of one changes.
import { describe, expect, test } from 'vitest';
import { conditionsOf } from '../../src/core/conditions.js';
import type { Health, Reason, ServiceStatus, Sync } from '../../src/model/status.js';
import { pass } from '../support/decision.js';

const AT = '2026-01-31T12:00:00.000Z';
const axes = (sync: Sync, health: Health, reason: Reason | null = null) => ({
  ...{ sync, health, reason, message: 'so it is' },
});
const said = (sync: Sync, health: Health, reason: Reason | null = null): string =>
  conditionsOf(axes(sync, health, reason), null, AT)
    .map(({ type, status }) => `${type}=${status}`)
    .join(' ');

describe('contract 3: conditions', () => {
  test.each([
    ['Healthy', 'Ready=True Synced=True Progressing=False Stalled=False'],
    ['Completed', 'Ready=True Synced=True Progressing=False Stalled=False'],
    ['Progressing', 'Ready=False Synced=True Progressing=True Stalled=False'],
    ['Degraded', 'Ready=False Synced=True Progressing=False Stalled=True'],
    ['Missing', 'Ready=False Synced=True Progressing=False Stalled=False'],
    ['Suspended', 'Ready=False Synced=True Progressing=False Stalled=False'],
    ['Unknown', 'Ready=Unknown Synced=True Progressing=False Stalled=False'],
  ] as const)('%s must be said as %s', (health, conditions) => {
    expect(said('Synced', health)).toBe(conditions);
  });

  test('what is missing for a reason must be stalled, and nothing else for its reason alone', () => {
    expect(said('OutOfSync', 'Missing', 'PruneBlocked')).toContain('Stalled=True');
    expect(said('OutOfSync', 'Suspended', 'Maintenance')).toContain('Stalled=False');
    expect(said('OutOfSync', 'Progressing', 'DependencyNotReady')).toContain('Stalled=False');
  });

  test.each([
    ['Synced', 'True'],
    ['OutOfSync', 'False'],
    ['Unknown', 'Unknown'],
  ] as const)('%s must be said as Synced=%s', (sync, status) => {
    expect(said(sync, 'Healthy')).toContain(`Synced=${status}`);
  });
});

test('contract 3: a condition must carry reason and sentence, and keep its time while its status stays', () => {
  const first = conditionsOf(axes('Synced', 'Degraded', 'Unhealthy'), null, AT);
  expect(first.map(({ reason, message }) => `${reason}: ${message}`)).toEqual(
    Array<string>(4).fill('Unhealthy: so it is'),
  );
  const web = pass({ manifests: 'web: {image: web:1}', docker: 'web-1 running' }).facts('web');
  const before: ServiceStatus = { ...web, conditions: first };
  const later = conditionsOf(axes('Synced', 'Healthy'), before, '2026-01-31T13:00:00.000Z');
  expect(
    later.map(
      ({ type, reason, lastTransitionTime }) => `${type}${reason} ${lastTransitionTime.slice(11, 16)}`,
    ),
  ).toEqual(['Ready 13:00', 'Synced 12:00', 'Progressing 12:00', 'Stalled 13:00']);
});
