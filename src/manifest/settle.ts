/**
 * Which drafts stand, seen together.
 * Owns: rejecting drafts until the rest agree, with last good versions standing in for the rejected.
 * Must not know: how a draft was made, how names become names on Docker.
 */
import type { DesiredService } from '../model/desired.js';
import type { Problem } from '../model/problem.js';
import { compareText } from '../model/problem.js';
import type { Draft, ObjectDraft, ServiceDraft } from './draft.js';
import type { Declared, LastGood } from './last-good.js';
import type { DeclarationKey } from './parse.js';
import { renderProblem } from './render-problem.js';

/** A service as it counts now: its present draft, or its last good version with the reason. */
export type Standing =
  | { readonly kind: 'draft'; readonly draft: ServiceDraft }
  | { readonly kind: 'kept'; readonly service: DesiredService; readonly because: string };

/** Everything that counts now. */
export interface Standings {
  /** Sorted by name. */
  readonly services: ReadonlyMap<string, Standing>;
  /** Networks, volumes, secrets and configs; of the kept ones no draft is known. */
  readonly objects: ReadonlyMap<DeclarationKey, ObjectDraft | Exclude<Declared, { kind: 'service' }>>;
  /** Declarations in error without a last good version, with the reason. */
  readonly rejected: ReadonlyMap<DeclarationKey, string>;
}

/** A draft that cannot stand, and why. */
export interface Rejection {
  readonly key: DeclarationKey;
  readonly problem: Problem;
}

/** Looks at all standings and says which drafts cannot stand. */
export type Check = (standings: Standings) => readonly Rejection[];

/** What came of settling. */
export interface Settled {
  readonly standings: Standings;
  readonly problems: readonly Problem[];
}

/**
 * Asks the checks in turn; whoever is rejected gives way to its last good version, and all is asked again.
 * It ends because every round takes at least one draft away.
 */
export function settle(
  drafts: ReadonlyMap<DeclarationKey, Draft>,
  given: {
    readonly reasons: ReadonlyMap<DeclarationKey, string>;
    readonly lastGood: LastGood;
    readonly checks: readonly Check[];
  },
): Settled {
  const left = new Map(drafts);
  const reasons = new Map(given.reasons);
  const problems: Problem[] = [];
  for (;;) {
    const standings = standingsOf(left, reasons, given.lastGood);
    const rejections = firstRejections(standings, given.checks).filter(({ key }) => left.has(key));
    if (rejections.length === 0) return { standings, problems };
    for (const { key, problem } of rejections) {
      problems.push(problem);
      if (!reasons.has(key)) reasons.set(key, renderProblem(problem));
    }
    for (const { key } of rejections) left.delete(key);
  }
}

/** The services whose present draft counts. */
export function* draftsOf({ services }: Standings): Generator<ServiceDraft> {
  for (const standing of services.values()) if (standing.kind === 'draft') yield standing.draft;
}

function firstRejections(standings: Standings, checks: readonly Check[]): readonly Rejection[] {
  for (const check of checks) {
    const rejections = check(standings);
    if (rejections.length > 0) return rejections;
  }
  return [];
}

function standingsOf(
  drafts: ReadonlyMap<DeclarationKey, Draft>,
  reasons: ReadonlyMap<DeclarationKey, string>,
  lastGood: LastGood,
): Standings {
  const services = new Map<string, Standing>();
  const objects = new Map<DeclarationKey, ObjectDraft | Exclude<Declared, { kind: 'service' }>>();
  const rejected = new Map<DeclarationKey, string>();
  for (const [key, draft] of drafts) {
    if (draft.kind === 'service') services.set(draft.name, { kind: 'draft', draft });
    else objects.set(key, draft);
  }
  for (const [key, because] of [...lastGood.mustStay, ...reasons]) {
    if (drafts.has(key)) continue;
    const version = lastGood.versions.get(key);
    if (version === undefined) rejected.set(key, because);
    else if (version.kind === 'service')
      services.set(version.service.name, { kind: 'kept', service: version.service, because });
    else objects.set(key, version);
  }
  const byName = [...services].sort(([a], [b]) => compareText(a, b));
  return { services: new Map(byName), objects, rejected };
}
