/**
 * A publisher with short times, as the tests of this folder use it.
 */
import type { MqttLimits, MqttPublisherOptions } from '../../../src/adapters/mqtt/publisher.js';
import { stampEvent } from '../../../src/core/stamp.js';
import type { Event } from '../../../src/model/event.js';
import { createSilentLog } from '../../support/silent-log.js';

/** Maxima small enough for a test. */
export const testLimits: MqttLimits = {
  eventRing: 10,
  inFlight: 4,
  retryFirstMs: 20,
  retryMostMs: 100,
  connectMs: 1000,
  keepAliveSeconds: 5,
  eventExpirySeconds: 60,
  sweepMs: 300,
  stopMs: 900,
  inboundBytes: 65_536,
  inboundTopics: 20,
};

/** Options of a publisher of the instance `box`. */
export const optionsFor = (
  url: string | null,
  change: Partial<MqttPublisherOptions> = {},
): MqttPublisherOptions & { readonly log: ReturnType<typeof createSilentLog> } => ({
  ...{ url, prefix: 'alicia', instance: 'box', project: 'alicia', limits: testLimits },
  ...{ username: null, password: null, ca: null, cert: null, key: null },
  ...change,
  log: createSilentLog(),
});

/** An event that can be told from others by `number`. */
export const eventOf = (number: number): Event =>
  stampEvent(
    { type: 'service_ready', facts: { service_name: 'web', message: `number ${number}` }, cause: 'a test' },
    {
      id: `01J${String(number).padStart(23, '0')}`,
      wallMs: 1_769_860_800_000 + number,
      instance: 'box',
      project: 'alicia',
      revision: 'abc',
    },
  );
