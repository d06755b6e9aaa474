/**
 * What the controller says to the world beside its events.
 * Owns: when its own state is published, which retained states stay, which broker is meant. Must not know: MQTT.
 */
import { type Bus, createBus, publishesPort } from '../adapters/mqtt/bus.js';
import type { Config } from '../config.js';
import { LIMITS } from '../config.js';
import type { Controller } from '../controller/api.js';
import type { Clock, Log } from '../controller/ports.js';
import type { DesiredState } from '../model/desired.js';
import type { OrchestratorState } from '../model/orchestrator.js';

/** How often figures that change with every pass are published, at most. */
const FIGURES_MS = 10_000;

/** A bus that has not been started. */
export async function openBus(config: Config, log: Log): Promise<Bus> {
  return createBus({
    choice: config.mqtt,
    prefix: config.mqttPrefix,
    instance: config.instance,
    project: config.project,
    mqttLimits: LIMITS.mqtt,
    brokerLimits: LIMITS.broker,
    log,
  });
}

/**
 * Lets the broker of our own leave the port before a service that wants it is started. A broker that hangs holds nobody
 * up for longer than its end may take.
 */
export async function makeWay(
  bus: Pick<Bus, 'onDesired'>,
  desired: Pick<DesiredState, 'services'>,
  clock: Clock,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const cancel = clock.after(LIMITS.broker.stopMs, resolve);
    void bus.onDesired(publishesPort(desired.services.values())).then(() => {
      cancel();
      resolve();
    });
  });
}

/** Speaks after every change, until the returned function is called. */
export function speak(
  controller: Controller,
  bus: Pick<Bus, 'publishOrchestrator' | 'retainOnly' | 'stats'>,
  clock: Clock,
): () => void {
  let saidState = '';
  let saidAtMs = Number.NEGATIVE_INFINITY;
  let saidNames = '';
  let cancelFigures: (() => void) | null = null;

  const sayState = (): void => {
    const state = stateOf(controller, bus);
    saidState = withoutFigures(state);
    saidAtMs = clock.now().monotonicMs;
    cancelFigures?.();
    cancelFigures = null;
    bus.publishOrchestrator(state);
  };

  const onChange = (): void => {
    if (controller.isReady()) {
      const names = controller.services().map(({ service }) => service);
      // Once the first full look is over, a service that is not among them is gone.
      if (names.join() !== saidNames) bus.retainOnly(names);
      saidNames = names.join();
    }
    if (withoutFigures(stateOf(controller, bus)) !== saidState) sayState();
    else
      cancelFigures ??= clock.after(Math.max(0, saidAtMs + FIGURES_MS - clock.now().monotonicMs), sayState);
  };

  const forget = controller.onChange(onChange);
  sayState();
  return () => {
    forget();
    cancelFigures?.();
  };
}

function stateOf(controller: Controller, bus: Pick<Bus, 'stats'>): OrchestratorState {
  const { queued, dropped } = bus.stats();
  return { ...controller.orchestrator(), mqtt: { queued, dropped } };
}

/** What must be said at once when it changes. */
const withoutFigures = (state: OrchestratorState): string =>
  JSON.stringify({ ...state, last_pass_at: '', last_pass_ms: 0, mqtt: null });
