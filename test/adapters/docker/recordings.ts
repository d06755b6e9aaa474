/**
 * What a real engine answered, for tests of how it is read.
 * Owns: finding and changing the recordings in inspects/. Must not know: what they mean.
 */
import { readFileSync } from 'node:fs';
import { sightingOf } from '../../../src/adapters/docker/observe.js';
import type { ObservedContainer } from '../../../src/model/observed.js';

/** An answer of Docker. */
export type Raw = Record<string, unknown>;

/** A recording. */
export const recorded = (name: string): Raw =>
  JSON.parse(readFileSync(new URL(`./inspects/${name}.json`, import.meta.url), 'utf8')) as Raw;

/** What it says of a container of the project `demo`. */
export function oursOf(raw: unknown): ObservedContainer {
  const sighting = sightingOf(raw, 'demo', {});
  if (sighting.kind !== 'ours') throw new Error('it is not ours');
  return sighting.container;
}

/** A recording with some of its parts replaced. */
export const changed = (name: string, part: string, fields: Raw): Raw => {
  const raw = recorded(name);
  return { ...raw, [part]: { ...(raw[part] as Raw), ...fields } };
};
