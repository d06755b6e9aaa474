/**
 * Going in reverse: a service that is scaled to 0 stops after those that need it and go as well.
 * Owns: whom it waits for. Must not know: how a container is stopped.
 */
import type { DesiredService } from '../model/desired.js';
import { type Graph, reachableFrom } from '../model/graph.js';
import type { ServiceName } from '../model/ids.js';
import { roleOfName } from '../model/names.js';
import { isLive, type ObservedContainer } from '../model/observed.js';
import { compareText } from '../model/problem.js';
import type { DecisionContext } from './context.js';
import { judgePrune, orphansOf } from './prune.js';

type GoingContext = Pick<DecisionContext, 'desired' | 'observed' | 'settings'>;

/** What the live containers of a service at `replicas: 0` wait for before they are stopped, as a sentence; null: they may go. */
export function waitsToGo(service: DesiredService, context: GoingContext): string | null {
  if (service.replicas > 0 || !isUp(service.name, context)) return null;
  const graph = graphOfGoing(context);
  const needs = reachableFrom(graph, service.name);
  // Labels of different revisions can close a circle; an edge of a circle orders nothing.
  const before = [...graph]
    .filter(([name, needed]) => name !== service.name && needed.includes(service.name) && !needs.has(name))
    .map(([name]) => name)
    .sort(compareText);
  return before.length === 0 ? null : `waits for ${before.join(', ')} to stop first`;
}

/** Services that go and still run, with what each requires: by its manifest, or by the labels of what runs. */
function graphOfGoing(context: GoingContext): Graph<ServiceName> {
  const { desired, observed } = context;
  const going = [...observed.services.keys()].filter(
    (name) => desired.services.get(name)?.replicas === 0 && !isHandsOff(name, context),
  );
  const names = [...going, ...orphansThatGo(context)].filter((name) => isUp(name, context));
  return new Map(
    names.map((name) => {
      const declared = desired.services.get(name)?.dependsOn ?? [];
      const labelled = (observed.services.get(name) ?? []).flatMap(({ owned }) => owned.dependsOn);
      const required = declared.filter((dependency) => dependency.required).map(({ service }) => service);
      return [name, [...new Set([...required, ...labelled])]];
    }),
  );
}

/** Those that are seen missing only once go as well, unless their manifest comes back by the second look. */
function orphansThatGo(context: GoingContext): readonly ServiceName[] {
  const { desired, observed, settings } = context;
  const orphans = orphansOf(desired, observed).filter((name) => !isHandsOff(name, context));
  if (orphans.length === 0) return [];
  const { blocked } = judgePrune(desired, observed, settings);
  return orphans.filter((name) => !blocked.has(name));
}

/** It stays as it is, whatever its manifest says. */
const isHandsOff = (name: ServiceName, { desired, observed, settings }: GoingContext): boolean =>
  desired.services.get(name)?.maintenance === true ||
  (observed.services.get(name) ?? []).some(({ id }) => id === settings.ownContainerId);

const isUp = (name: ServiceName, { observed }: GoingContext): boolean =>
  (observed.services.get(name) ?? []).some(canBeWaitedFor);

/** What is stuck, or gives no answer, is waited for by its own replica alone. */
const canBeWaitedFor = (container: ObservedContainer): boolean =>
  isLive(container) && !container.isSilent && roleOfName(container.name) !== 'stuck';
