/**
 * `alicia plan`: what `apply` would do. Changes nothing, pulls nothing.
 * Owns: asking a running controller or computing it here. Must not know: how a plan is made.
 */
import { forecast } from '../core/forecast.js';
import type { Plan } from '../model/plan.js';
import { findNeighbour } from './beside.js';
import { contextOf } from './decision-context.js';
import { choiceOption, configOf, type Invocation } from './invocation.js';
import { observeOnce } from './observe-once.js';
import { openEngine } from './open-engine.js';
import { paintFor } from './paint.js';
import { readManifests } from './read-manifests.js';
import { renderPlan, renderPlanJson } from './render-plan.js';
import { sourcesOf } from './render-problems.js';
import { hasErrors, tellProblems } from './tell-problems.js';
import { writeLines } from './terminal.js';

/** Exit code 0: no change, 2: changes, 1: a file in error (the plan is printed all the same). */
export async function plan(invocation: Invocation): Promise<number> {
  const { terminal, words } = invocation;
  const form = choiceOption(invocation, 'output', ['text', 'json']);
  const config = configOf(invocation, words);
  const open = await openEngine(config);
  const { desired, scan } = await readManifests(config, terminal, open.self.hostPaths);
  tellProblems(desired.problems, terminal, sourcesOf(scan));
  const note = (text: string): void => terminal.stderr.write(`alicia: ${text}\n`);

  const compute = async (): Promise<Plan> => {
    const observed = await observeOnce(open.engine, { info: open.info, desired });
    return forecast(contextOf({ config, terminal, self: open.self, desired, scan, observed }));
  };
  const ask = async (): Promise<Plan> => {
    const neighbour = await findNeighbour(config, open);
    if (neighbour === null) return compute();
    const report = await neighbour.report();
    const answer = report?.digest === desired.digest ? await neighbour.plan() : null;
    if (answer !== null) {
      note(`the plan of the running controller (${neighbour.name})`);
      return answer;
    }
    note(
      `the running controller (${neighbour.name}) has not taken in these manifests; the plan was computed from the files and Docker`,
    );
    return compute();
  };

  const found = await ask();
  if (form === 'json') terminal.stdout.write(renderPlanJson(found));
  else writeLines(terminal.stdout, renderPlan(found, paintFor(terminal.stdout, terminal.environment)));
  if (hasErrors(desired.problems)) return 1;
  return found.steps.length > 0 ? 2 : 0;
}
