import { expect, test } from 'vitest';
import { createEpisode } from '../../src/controller/episode.js';
import { sampleStatus } from '../support/samples.js';

const good = sampleStatus('web', { health: 'Healthy', reason: null });
const bad = sampleStatus('web', { health: 'Degraded', reason: 'StartFailed' });

test('coming to rest is told once per change, with what was done on the way', () => {
  const episode = createEpisode();
  expect(episode.end(0, [good])).toBeNull();
  episode.begin(100);
  episode.countStep('web');
  episode.countStep('db');
  episode.countStep('web');
  episode.countStep(null);
  expect(episode.end(350, [good])).toEqual({
    type: 'reconcile_completed',
    facts: { changed: ['db', 'web'], steps: 4, duration_ms: 250 },
    cause: 'fixed point',
  });
  expect(episode.end(400, [good])).toBeNull();
});

test('a rest with somebody in trouble is a failure that names who and why', () => {
  const episode = createEpisode();
  episode.begin(0);
  expect(episode.end(5, [bad, sampleStatus('db')])).toMatchObject({
    type: 'reconcile_failed',
    facts: { message: 'web: StartFailed' },
  });
});

test('a retry that fails as before is not told again, until it was well in between', () => {
  const episode = createEpisode();
  const endings = [[bad], [bad], [good], [bad]].map((statuses, index) => {
    episode.begin(index * 10);
    return episode.end(index * 10 + 5, statuses)?.type ?? null;
  });
  expect(endings).toEqual(['reconcile_failed', null, 'reconcile_completed', 'reconcile_failed']);
});

test('a rest without somebody who should be there is a failure too', () => {
  const episode = createEpisode();
  episode.begin(0);
  const missing = sampleStatus('web', { health: 'Missing', reason: null });
  expect(episode.end(5, [missing])).toMatchObject({
    type: 'reconcile_failed',
    facts: { message: 'web: Missing' },
  });
});
