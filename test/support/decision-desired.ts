/**
 * Desired states written in a few lines, for decision tests.
 * Owns: wrapping short specs into manifests and sending them through the real manifest stage. Must not know: decisions.
 */
import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import { parseManifests } from '../../src/manifest/parse.js';
import { resolveManifests } from '../../src/manifest/resolve.js';
import type { Absence, DesiredState } from '../../src/model/desired.js';
import { revision, serviceName } from '../../src/model/ids.js';

/** What a state is made of. */
export interface DesiredOptions {
  /** Services whose manifest is in error and was never good, with why. */
  readonly rejected?: Readonly<Record<string, string>>;
  /** Services that run on their last good version, with why. */
  readonly stale?: Readonly<Record<string, string>>;
  /** Declared in the text, but its manifest is gone: the last good versions of others may still name it. */
  readonly withdrawn?: readonly string[];
  readonly absence?: Absence;
  /** By file; all services of the text are in `all.yaml`, networks and volumes before them. */
  readonly manifestCounts?: Readonly<Record<string, number>>;
}

/** Hex sha256. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What was made already: tests look at the same manifests many times, and deciding changes nothing of them. */
const known = new Map<string, DesiredState>();

/**
 * The desired state of a YAML mapping from service names to specs: `web: {image: web:1, replicas: 2}`.
 * Entries under `networks:` and `volumes:` are declared as such.
 * @throws an error with every problem of severity error, so that no test runs on less than it says.
 */
export function parseDesired(text: string, options: DesiredOptions = {}): DesiredState {
  const { rejected, stale, withdrawn, absence, manifestCounts } = options;
  const key = JSON.stringify([text, rejected, stale, withdrawn, absence, manifestCounts]);
  const state = known.get(key) ?? makeDesired(text, options);
  known.set(key, state);
  return state;
}

function makeDesired(text: string, options: DesiredOptions): DesiredState {
  const parsed: unknown = parse(text) ?? {};
  const { networks = {}, volumes = {}, ...services } = parsed as Record<string, Record<string, unknown>>;
  const documents = [
    ...Object.entries(networks).map(([name, spec]) => ({ kind: 'Network', name, spec })),
    ...Object.entries(volumes).map(([name, spec]) => ({ kind: 'Volume', name, spec })),
    ...Object.entries(services).map(([name, spec]) => ({ kind: 'Service', name, spec })),
  ].map(({ kind, name, spec }) =>
    JSON.stringify({ apiVersion: 'alicia/v1', kind, metadata: { name }, spec: spec ?? {} }),
  );
  const resolution = resolveManifests({
    project: 'alicia',
    networkName: 'alicia_bus_network',
    environment: {},
    hash: sha256,
    hostPaths: null,
    allow: [{ kind: 'all', value: null }],
    parsed: parseManifests({
      roots: [{ path: 'manifests', resolved: '/manifests', state: 'ok', reason: '', mayBePruned: [] }],
      files: [
        {
          path: 'manifests/all.yaml',
          folder: '/manifests',
          content: { kind: 'text', text: documents.join('\n---\n') },
        },
      ],
      references: [],
      links: [],
      digest: 'sha256:0',
      revision: 'sha256:0',
    }),
  });
  const errors = resolution.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  const { stale = {}, withdrawn = [] } = options;
  return {
    project: 'alicia',
    revision: revision('r1'),
    digest: 'sha256:0',
    services: new Map(
      [...resolution.services]
        .filter(([name]) => !withdrawn.includes(name))
        .map(([name, service]) => [name, { ...service, staleBecause: stale[name] ?? null }]),
    ),
    networks: resolution.networks,
    volumes: resolution.volumes,
    rejected: new Map(Object.entries(options.rejected ?? {}).map(([name, why]) => [serviceName(name), why])),
    problems: [],
    needs: null,
    absence: options.absence ?? { kind: 'confirmed' },
    manifestCounts: new Map(Object.entries(options.manifestCounts ?? { 'all.yaml': documents.length })),
  };
}
