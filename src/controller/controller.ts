/**
 * The controller: events mark services dirty, a pass decides, the executor does, the observer looks again.
 * Owns: the wiring of the machinery and its life. Must not know: any rule of the decision, any library.
 */
import { forecast } from '../core/forecast.js';
import { topologyOf } from '../core/topology.js';
import type { ServiceStatus } from '../model/status.js';
import { createAgenda } from './agenda.js';
import type { Controller, ControllerOptions } from './api.js';
import { markAll, markChange, markNews } from './marks.js';
import type { ObserverListener } from './observation.js';
import { createObserver } from './observer.js';
import { contextOf, createParts, isAtFixedPoint, leavingOf, type Parts, setPhase } from './parts.js';
import { pass } from './pass.js';
import { createProber, ENGINE_ALONE } from './prober.js';
import { reportsOf, unknownStatus } from './reports.js';
import { createSource, type SourceNews } from './source.js';

/** Makes a controller; it does nothing before `start`. */
export function createController(options: ControllerOptions): Controller {
  const basis = createParts(options);
  const { state } = basis;
  const observer = createObserver({ ...options, listener: listenerOf(() => parts) });
  const parts: Parts = {
    ...basis,
    observer,
    agenda: createAgenda(
      options.clock,
      () => pass(parts),
      (services) => observer.lookAt(services),
    ),
    source: createSource(options, (news) => takeNews(parts, news)),
    prober: createProber({
      ...options,
      probing: options.probing ?? ENGINE_ALONE,
      observed: observer.state,
      desired: () => state.desired,
      leaving: () => leavingOf(state),
      report: (said) => observer.setProbed(said),
    }),
  };
  const resyncing = { cancel: (): void => {} };
  return {
    ...reportsOf(parts, { context: () => contextOf(parts), forecast }),
    isAtFixedPoint: () => isAtFixedPoint(parts),
    decidedServices: () => parts.state.decided,
    start: () => start(parts, resyncing),
    stop: () => stop(parts, resyncing),
    onProgress: (listener) => parts.progress.listen(listener),
    onChange(listener) {
      parts.changeListeners.add(listener);
      return () => parts.changeListeners.delete(listener);
    },
    publishesHostPort: (port) => publishesHostPort(parts, port),
  };
}

async function start(parts: Parts, resyncing: { cancel: () => void }): Promise<void> {
  const { options, teller, observer, source, whenReady } = parts;
  const message = `alicia ${options.version}`;
  teller.tell([{ type: 'orchestrator_started', facts: { message }, cause: 'start' }]);
  const ready = new Promise<void>((resolve) => whenReady.push(resolve));
  observer.start();
  await source.start();
  if (parts.state.isStopping) return;
  resync(parts, resyncing);
  if (options.mode === 'once') await ready;
}

async function stop(parts: Parts, resyncing: { cancel: () => void }): Promise<void> {
  const { state, agenda, executor, source, observer, teller, whenIdle } = parts;
  if (state.isStopping) return;
  state.isStopping = true;
  setPhase(parts, 'stopping');
  agenda.stop();
  parts.prober.stop();
  resyncing.cancel();
  executor.close((key) => state.inFlight.delete(key));
  // A pull may take long, and leaves nothing half done: the daemon ends it with our connection.
  for (const [key, step] of state.inFlight) if (step.kind === 'pullImage') state.inFlight.delete(key);
  // Whatever is only being looked at is over: what a call came to is looked at by whoever comes next.
  for (const resolve of parts.whenStopping) resolve();
  await source.stop();
  if (state.inFlight.size > 0 && observer.isWhole()) {
    await new Promise<void>((resolve) => whenIdle.push(resolve));
  }
  observer.stop();
  for (const resolve of parts.whenReady.splice(0)) resolve();
  teller.tell([{ type: 'orchestrator_stopped', facts: { message: 'the containers run on' }, cause: 'stop' }]);
}

function listenerOf(get: () => Parts): ObserverListener {
  return {
    onWhole(info, isFirst) {
      const parts = get();
      parts.state.engineVersion = info.version;
      parts.state.isEngineThere = true;
      parts.state.memory = { ...parts.state.memory, amnesty: true };
      if (!isFirst) {
        const facts = { message: 'the engine answers again' };
        parts.teller.tell([{ type: 'engine_restored', facts, cause: 'engine' }]);
        republish(parts, (status) => status);
      }
      setPhase(parts, 'converging');
      wantImages(parts);
      markAll(parts);
    },
    onLost(reason) {
      const parts = get();
      parts.state.isEngineThere = false;
      parts.teller.tell([{ type: 'engine_lost', facts: { message: reason }, cause: 'engine' }]);
      republish(parts, unknownStatus);
      setPhase(parts, 'engine_lost');
      // Nothing can be ended on an engine that is gone.
      if (parts.state.isStopping) for (const resolve of parts.whenIdle.splice(0)) resolve();
    },
    onChange(change) {
      markChange(get(), change);
      get().prober.follow(change.services);
    },
  };
}

/** All statuses again, in another light. */
function republish({ state, options }: Parts, view: (status: ServiceStatus) => ServiceStatus): void {
  for (const [name, status] of state.statuses) options.publisher.publishStatus(name, view(status));
}

/** A new desired state. */
function takeNews(parts: Parts, news: SourceNews): void {
  const { state, episode, teller, options } = parts;
  const before = state.desired;
  const isFirst = before === null;
  state.desired = news.desired;
  state.mayBePruned = news.mayBePruned;
  state.needsSecondScan = false;
  state.topology = topologyOf(news.desired);
  if (isFirst || news.isNewContent) {
    episode.begin(options.clock.now().monotonicMs);
    teller.tellOfManifests(news.desired, [...news.changed].sort(), isFirst);
  }
  wantImages(parts);
  parts.prober.follow(null);
  markNews(parts, before, news.changed);
}

/** Images that no pass has known of yet are looked up before they are missed. */
function wantImages({ observer, state, agenda }: Parts): void {
  const services = [...(state.desired?.services.values() ?? [])];
  const wanted = new Set(services.map(({ container }) => container.image));
  observer.wantImages(wanted, (reference) => {
    const waiting = services.filter(({ container }) => container.image === reference);
    agenda.mark(waiting.map(({ name }) => name));
  });
}

/** The net under all events: every so often everything is listed and decided again. */
function resync(parts: Parts, resyncing: { cancel: () => void }): void {
  const { options, state, observer } = parts;
  resyncing.cancel = options.clock.after(options.limits.resyncMs, () => {
    state.heartbeatMs = options.clock.now().monotonicMs;
    const looked = observer.isWhole() ? observer.relist() : Promise.resolve();
    void looked.then(() => {
      if (state.isStopping) return;
      markAll(parts);
      resync(parts, resyncing);
    });
  });
}

function publishesHostPort({ state }: Parts, port: number): boolean {
  return [...(state.desired?.services.values() ?? [])].some(
    ({ container, replicas }) =>
      replicas > 0 &&
      container.ports.some(
        ({ hostPorts }) => hostPorts !== null && hostPorts.first <= port && port <= hostPorts.last,
      ),
  );
}
