/**
 * A process over time: looks at directories, printed as one line each.
 */
import { expect } from 'vitest';
import { emptyIntake, type Intake, type IntakeOptions, takeIn } from '../../src/manifest/intake.js';
import type { DesiredState } from '../../src/model/desired.js';
import type { ScannedRoot } from '../../src/model/scan.js';
import { OPTIONS, scanOf, type Texts } from './texts.js';

/** A process that looks at directories; each look prints one line. */
export function createProcess(options: Partial<IntakeOptions> = {}) {
  let intake: Intake = emptyIntake;
  let nowMs = 0;
  let latest: DesiredState | null = null;
  const look = (texts: Texts, afterMs = 0, root: Partial<ScannedRoot> = {}): string => {
    nowMs += afterMs;
    const taken = takeIn(
      intake,
      scanOf(texts, root),
      { monotonicMs: nowMs },
      { ...OPTIONS, allowEmpty: false, ...options },
    );
    expect(taken.changed || taken.desired === latest).toBe(true);
    intake = taken.intake;
    latest = taken.desired;
    return `${taken.changed ? '' : 'same: '}${render(taken.desired)}`;
  };
  return { look, desired: () => latest };
}

function render({ services, rejected, absence }: DesiredState): string {
  const stale = [...services.values()].map(({ name, staleBecause }) =>
    staleBecause === null ? name : `${name}*`,
  );
  const unknown = [...rejected.keys()].map((name) => `${name}?`);
  const worth = absence.kind === 'blocked' ? absence.reason : absence.kind;
  return `${[...stale, ...unknown].join(' ')} | ${worth}`;
}
