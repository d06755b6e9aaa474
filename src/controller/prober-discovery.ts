/**
 * What discovery says of containers.
 * Owns: the latest ill word about each. Must not know: what follows from it.
 */
import { type DiscoveryTopics, type DiscoveryWord, parseDiscoveryWord } from '../core/health-words.js';
import type { ContainerId, ServiceName } from '../model/ids.js';
import { serviceName } from '../model/ids.js';
import type { ObservedContainer, ObservedState } from '../model/observed.js';
import type { RunOfContainer } from './observed-store.js';
import type { Clock, HealthWords } from './ports.js';

/** What discovery is listened to with. */
export interface DiscoveryOptions {
  readonly words: HealthWords;
  readonly topics: DiscoveryTopics;
  readonly clock: Clock;
  readonly observed: Pick<ObservedState, 'services'>;
  /** Containers that we are stopping, restarting or removing. */
  readonly leaving: () => ReadonlySet<ContainerId>;
  /** Something else is said of a service's containers now. */
  readonly onWord: (service: ServiceName) => void;
}

/** Discovery, listened to until `stop`. */
export interface Discovery {
  /** What counts like a failed probe of this run; null: nothing. */
  illWordOf(run: RunOfContainer): string | null;
  stop(): void;
}

/** As few characters of a container's id as name it, as its host name does. */
const SHORT_ID_LENGTH = 12;

/** Begins to listen. */
export function startDiscovery(options: DiscoveryOptions): Discovery {
  const { words, topics, clock, observed, onWord } = options;
  const ill = new Map<ContainerId, { readonly message: string; readonly atWallMs: number }>();

  const take = (word: DiscoveryWord): void => {
    const service = serviceName(word.service);
    const about = containersOf(word, observed.services.get(service) ?? [], options.leaving());
    const atWallMs = clock.now().wallMs;
    for (const { id } of about) {
      if (word.ill === null) ill.delete(id);
      else ill.set(id, { message: word.ill, atWallMs });
    }
    if (ill.size > 0) forgetAbsent(ill, observed);
    if (about.length > 0) onWord(service);
  };

  const cancels = [topics.events, topics.register, topics.unregister].map((topic) =>
    words.subscribe(topic, {
      onHeard: () => {},
      onDeaf: () => {},
      onWord(text) {
        const word = parseDiscoveryWord(topic, text, topics);
        if (word !== null) take(word);
      },
    }),
  );
  return {
    illWordOf({ id, startedAt }) {
      const word = ill.get(id);
      // What was said before the start is about an earlier run.
      return word === undefined || word.atWallMs < startedAt ? null : word.message;
    },
    stop() {
      for (const cancel of cancels) cancel();
    },
  };
}

/** Whom a word is about. Of one that we are stopping an ill word is no news; an instance that is not known is nobody. */
function containersOf(
  { instance, ill }: DiscoveryWord,
  all: readonly ObservedContainer[],
  leaving: ReadonlySet<ContainerId>,
): readonly ObservedContainer[] {
  const named = instance === null ? all : all.filter((container) => isNamed(container, instance));
  if (ill !== null && named.some(({ id }) => leaving.has(id))) return [];
  return named;
}

const isNamed = ({ id, name }: ObservedContainer, instance: string): boolean =>
  name === instance || (instance.length >= SHORT_ID_LENGTH && id.startsWith(instance));

function forgetAbsent(ill: Map<ContainerId, unknown>, { services }: Pick<ObservedState, 'services'>): void {
  const present = new Set([...services.values()].flat().map(({ id }) => id));
  for (const id of ill.keys()) if (!present.has(id)) ill.delete(id);
}
