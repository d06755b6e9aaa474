/**
 * Declarations that are not carried out, because it would harm what is there.
 * Owns: which, with reason and mend. Must not know: statuses.
 */
import type { DesiredService, DesiredState } from '../model/desired.js';
import { hashVersionOf } from '../model/ids.js';
import type { ObservedState } from '../model/observed.js';
import type { Reason } from '../model/status.js';
import type { Renewals } from './renewal.js';

/** One refusal: the service is out of sync, and stays so until somebody acts. */
export interface Refusal {
  readonly reason: Reason;
  readonly message: string;
}

/** What is refused to a service. */
export function refusalsOf(
  { container }: DesiredService,
  facts: {
    readonly renewals: Renewals;
    readonly desired: DesiredState;
    readonly observed: ObservedState;
    readonly project: string;
  },
): readonly Refusal[] {
  const networks = container.networks.flatMap(({ network }): readonly Refusal[] => {
    const message = facts.renewals.blocked.get(network);
    return message === undefined ? [] : [{ reason: 'NetworkFailed', message }];
  });
  const volumes = container.mounts.flatMap((mount) =>
    mount.kind === 'volume' && isOtherVolume(mount.volume, facts) ? [refusedVolume(mount.volume)] : [],
  );
  return [...networks, ...volumes];
}

const refusedVolume = (name: string): Refusal => ({
  reason: 'NameConflict',
  message: `volume ${name} is declared otherwise now, and its data is never touched: take the edit back, or move the data and remove it with \`docker volume rm ${name}\``,
});

/** Of ours, and made from another declaration; a hash of a form that is not known any more counts as current. */
function isOtherVolume(
  name: string,
  {
    desired,
    observed,
    project,
  }: { readonly desired: DesiredState; readonly observed: ObservedState; readonly project: string },
): boolean {
  const declared = desired.volumes.get(name);
  const present = observed.volumes.get(name);
  if (declared === undefined || declared.external || present?.project !== project) return false;
  if (present.hash === null || present.hash === declared.hash) return false;
  return hashVersionOf(present.hash) === hashVersionOf(declared.hash);
}
