/**
 * An observer in virtual time, whose engine answers at once, or otherwise where a read is replaced.
 */
import type { Change } from '../../../src/controller/observed-store.js';
import { createObserver } from '../../../src/controller/observer.js';
import {
  type Engine,
  EngineError,
  type EngineEventSink,
  type Sighting,
} from '../../../src/controller/ports.js';
import type { FailureCode } from '../../../src/model/failure.js';
import { serviceName } from '../../../src/model/ids.js';
import type { ObservedContainer } from '../../../src/model/observed.js';
import { keys } from '../../../src/model/step.js';
import { LIMITS } from '../../support/controller-limits.js';
import { containerOf } from '../../support/probes.js';
import { createSilentLog } from '../../support/silent-log.js';
import { createVirtualClock } from '../../support/simulation/virtual-clock.js';

/** The service whose containers are seen. */
export const web = serviceName('web');
/** Its first container. */
export const first = containerOf('web', 'a');
/** Its second. */
export const second = containerOf('web', 'b');
/** An answer of the engine that is a failure. */
export const refused = (code: FailureCode): Promise<never> =>
  Promise.reject(new EngineError({ code, message: `it is ${code}`, status: null }));

type Reads = Partial<Record<keyof Engine, (...args: readonly never[]) => Promise<unknown>>>;

/** An observer of two containers of `web`; a read is answered otherwise where it is replaced. */
export async function observing(wanted: readonly string[] = []) {
  const clock = createVirtualClock();
  const log = createSilentLog();
  const told: string[] = [];
  const calls: string[] = [];
  const world = { containers: [first, second] as readonly ObservedContainer[], reads: {} as Reads };
  const sinks: EngineEventSink[] = [];
  const sighting = (container: ObservedContainer): Sighting => ({ kind: 'ours', container });
  const plain: Reads = {
    connect: async () => ({ id: 'e', version: '28', apiVersion: '1.51' }),
    subscribe: async (sink: never) => {
      sinks.push(sink);
      return { close: () => {} };
    },
    list: async () => ({ containers: world.containers.map(sighting), networks: [], volumes: [] }),
    inspectContainer: async (id: never) => {
      const found = world.containers.find((each) => each.id === id || each.name === id);
      return found === undefined ? null : sighting(found);
    },
    inspectImage: async () => ({ id: 'sha256:1', version: null, hasHealthcheck: false }),
    inspectNetwork: async () => null,
    inspectVolume: async (name: never) => ({ name, driver: 'local', project: 'alicia', hash: null }),
  };
  const engine = new Proxy({} as Engine, {
    get:
      (_, key: keyof Engine) =>
      (...args: readonly never[]) => {
        calls.push(`${clock.elapsedMs()} ${String(key)}`);
        return (world.reads[key] ?? plain[key])?.(...args);
      },
  });
  const observer = createObserver({
    ...{ engine, limits: LIMITS, clock, log },
    listener: {
      onWhole: (_, isFirst) => void told.push(isFirst ? 'whole' : 'whole again'),
      onLost: (reason) => void told.push(`lost: ${reason}`),
      onChange: ({ services, objects }: Change) =>
        void told.push(`${clock.elapsedMs()} ${services.join(' ')}${objects ? ' objects' : ''}`),
    },
  });
  observer.wantImages(new Set(wanted), () => undefined);
  observer.start();
  await clock.advance(0);
  told.length = 0;
  calls.length = 0;
  const emit = (type: 'container' | 'image' | 'volume', action: string, id: string): void =>
    sinks.at(-1)?.onEvent({ type, action, id });
  const end = (): void => sinks.at(-1)?.onEnd('cut');
  const settles = (promise: Promise<unknown>): { atMs: number | null } => {
    const noted = { atMs: null as number | null };
    void promise.then(() => {
      noted.atMs = clock.elapsedMs();
    });
    return noted;
  };
  return { clock, log, told, calls, world, observer, emit, end, settles };
}

/** Parts of every step of the tests. */
export const base = { service: web, slot: 1, cause: '', key: keys.replica(web, 1) };
/** No answer. */
export const never = (): Promise<never> => new Promise(() => {});
