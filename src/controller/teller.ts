/**
 * Telling: drafts are stamped, published and logged.
 * Owns: that every event goes to both. Must not know: what makes an event.
 */
import { stampEvent } from '../core/stamp.js';
import type { DesiredState } from '../model/desired.js';
import type { EventDraft, EventType } from '../model/event.js';
import type { PlannedStep } from '../model/plan.js';
import type { Outcome } from '../model/step.js';
import type { ControllerOptions } from './api.js';

/** The controller's voice. */
export interface Teller {
  tell(drafts: readonly EventDraft[]): void;
  tellOfManifests(desired: DesiredState, changed: readonly string[], isFirst: boolean): void;
  tellOfStep(step: PlannedStep, outcome: Outcome): void;
}

const WARNINGS: ReadonlySet<EventType> = new Set([
  'service_unhealthy',
  'service_failed',
  'service_update_failed',
  'service_rolled_back',
  'drift_detected',
  'image_pull_failed',
  'manifest_rejected',
  'prune_blocked',
  'reconcile_failed',
  'engine_lost',
]);

/** Makes a teller. */
export function createTeller(options: ControllerOptions, revision: () => string): Teller {
  const { publisher, log, clock, createId, instance, project } = options;
  let rejected = '';

  const tell = (drafts: readonly EventDraft[]): void => {
    for (const draft of drafts) {
      const stamp = { id: createId(), wallMs: clock.now().wallMs, instance, project, revision: revision() };
      publisher.publishEvent(stampEvent(draft, stamp));
      // The service's own failure has been said in `service_failed`.
      if (draft.type === 'orchestration_errors') continue;
      log[WARNINGS.has(draft.type) ? 'warn' : 'info']({ event: draft.type, ...draft.facts }, draft.type);
    }
  };

  return {
    tell,
    tellOfManifests(desired, changed, isFirst) {
      const problems = desired.problems;
      const errors = problems.filter(({ severity }) => severity === 'error');
      const facts = { problems, services: changed };
      tell([{ type: 'manifests_changed', facts, cause: isFirst ? 'start' : 'manifests' }]);
      const text = JSON.stringify(errors);
      if (errors.length > 0 && text !== rejected) {
        const services = [...new Set(errors.flatMap(({ service }) => (service === null ? [] : [service])))];
        tell([{ type: 'manifest_rejected', facts: { problems: errors, services }, cause: 'manifests' }]);
      }
      rejected = text;
    },
    tellOfStep(step, outcome) {
      const facts = { ...step };
      const line = `${step.verb} ${step.object}  ${step.cause}`;
      if (outcome.kind === 'done') log.info(facts, line);
      else if (outcome.kind === 'failed')
        log.warn({ ...facts, ...outcome.failure }, `${line}: ${outcome.failure.message}`);
      else log.warn(facts, `${line}: ${outcome.message}`);
    },
  };
}
