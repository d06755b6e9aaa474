/**
 * Words of health for commands that have no bus of their own.
 * Owns: that a broker is gone to only if it was named, and only once a probe needs it. Must not know: MQTT.
 */
import { deafWords } from '../adapters/mqtt/inbound.js';
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import type { HealthWords, Log } from '../controller/ports.js';

/** Listens at the broker that `--mqtt-url` names; without one nothing is heard. */
export function wordsOf(
  { mqtt, instance }: Pick<Config, 'mqtt' | 'instance'>,
  { log, pid }: { readonly log: Log; readonly pid: number },
): HealthWords {
  if (mqtt.kind === 'off') return deafWords('MQTT is off');
  if (mqtt.kind === 'embedded') return deafWords('no broker is named; give --mqtt-url');
  let loading: Promise<HealthWords> | null = null;
  // Loading the library takes longer than most commands have to wait for anything else.
  const load = (): Promise<HealthWords> => {
    loading ??= import('../adapters/mqtt/words-alone.js').then(({ createWordsAlone }) =>
      createWordsAlone({ ...mqtt, clientId: `alicia-${instance}-${pid}`, limits: LIMITS.mqtt, log }),
    );
    return loading;
  };
  return {
    subscribe(topic, listener) {
      const listening = { isOver: false, cancel: (): void => {} };
      void load().then((words) => {
        if (!listening.isOver) listening.cancel = words.subscribe(topic, listener);
      });
      return () => {
        listening.isOver = true;
        listening.cancel();
      };
    },
    publishEmpty: (topic) => void load().then((words) => words.publishEmpty(topic)),
  };
}
