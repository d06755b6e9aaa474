/**
 * A service that answers requests, whose versions differ in what they say.
 * Owns: its manifests, good and broken. Must not know: who asks, what is tested.
 */
import { readFileSync } from 'node:fs';
import { type Spec, service } from './project.js';

/** Where it answers, on each of its addresses. */
export const WEB_ALIAS = 'web';

const server = readFileSync(new URL('rollout-server.sh', import.meta.url), 'utf8');

/** Manifests interpolate variables: what the shell is to see is doubled. */
const forManifest = (script: string): string => script.replaceAll('$', '$$$$');

const check: Spec = {
  test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:9000/health'],
  interval: '1s',
  timeout: '2s',
  retries: 2,
};

/** A version of the service: it answers, and ends gracefully. More words of its spec may be given. */
export const web = (version: string, spec: Spec = {}): Spec =>
  service(WEB_ALIAS, {
    replicas: 4,
    command: ['sh', '-c', forManifest(server)],
    environment: { VERSION: version, WORK_S: '0.2' },
    healthcheck: check,
    stop_grace_period: '10s',
    ...spec,
  });

/** A version that ends as soon as it is started. */
export const webThatEnds = (version: string, spec: Spec = {}): Spec =>
  web(version, { command: ['sh', '-c', 'echo "broken on purpose" >&2; exit 1'], ...spec });

/** A version that stays and never serves. */
export const webThatIsNeverReady = (version: string): Spec =>
  web(version, {
    command: ['sh', '-c', 'echo "deaf on purpose" >&2; trap "exit 0" TERM; sleep 100000 & wait'],
  });

/** A version of which the first container alone serves, whenever it is started: every other one ends at once. */
export const webOfWhichOneServes = (version: string, spec: Spec = {}): Spec =>
  web(version, {
    volumes: ['first:/first'],
    command: ['sh', '-c', forManifest(`${onlyTheFirst}\n${server}`)],
    ...spec,
  });

const onlyTheFirst = `
place=/first/$VERSION
mkdir "$place" 2>/dev/null && hostname >"$place/name"
[ "$(cat "$place/name")" = "$(hostname)" ] || { echo "broken on purpose" >&2; exit 1; }`;
