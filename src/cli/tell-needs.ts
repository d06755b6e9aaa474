/**
 * What would have to be allowed, in one line ready to copy.
 * Owns: the line, and when a controller says it again. Must not know: what is allowed, or why something is not.
 */
import type { Log } from '../controller/ports.js';
import type { DesiredState } from '../model/desired.js';
import type { PolicyNeeds } from '../model/policy.js';
import { countOf } from './render-plan.js';

/** `15 services need: --allow bind:/mnt/data,socket`; nothing where all is allowed. */
export function renderNeeds(needs: PolicyNeeds | null): readonly string[] {
  if (needs === null) return [];
  const { services, allow } = needs;
  return [
    `${countOf(services, 'service')} ${services === 1 ? 'needs' : 'need'}: --allow ${shellWord(allow)}`,
  ];
}

/** Logs the line for the first desired state that has one, and whenever it is another. */
export function createNeedsTeller(log: Pick<Log, 'warn'>): (desired: Pick<DesiredState, 'needs'>) => void {
  let told = '';
  return ({ needs }) => {
    const [line = ''] = renderNeeds(needs);
    if (line !== told && line !== '') log.warn({}, line);
    told = line;
  };
}

/** In quotes where a shell would take it for more than one word, or for something else. */
const shellWord = (text: string): string =>
  /^[\w.,:/@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
