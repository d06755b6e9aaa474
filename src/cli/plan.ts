/**
 * `alicia plan`: what `apply` would do. Changes nothing, pulls nothing.
 * Owns: asking a running controller or computing it here. Must not know: how a plan is made.
 */
import { forecast } from '../core/forecast.js';
import type { Plan } from '../model/plan.js';
import type { Problem } from '../model/problem.js';
import { findNeighbour, problemsBeside } from './beside.js';
import { contextOf } from './decision-context.js';
import { choiceOption, configOf, type Invocation } from './invocation.js';
import { observeOnce } from './observe-once.js';
import { openEngine } from './open-engine.js';
import { oneLine, paintFor } from './paint.js';
import { readManifests } from './read-manifests.js';
import { renderPlan, renderPlanJson } from './render-plan.js';
import { sourcesOf } from './render-problems.js';
import { renderNeeds } from './tell-needs.js';
import { hasErrors, tellProblems } from './tell-problems.js';
import { writeLines } from './terminal.js';

/** Exit code 0: no change, 2: changes, 1: a file in error (the plan is printed all the same). */
export async function plan(invocation: Invocation): Promise<number> {
  const { terminal, words } = invocation;
  const form = choiceOption(invocation, 'output', ['text', 'json']);
  const config = configOf(invocation, words);
  const open = await openEngine(config);
  const { desired, scan } = await readManifests(config, terminal, open.self.hostPaths);
  const note = (text: string): void => terminal.stderr.write(`alicia: ${oneLine(text)}\n`);

  const compute = async (): Promise<Plan> => {
    const observed = await observeOnce(open.engine, { info: open.info, desired });
    return forecast(contextOf({ config, terminal, self: open.self, desired, scan, observed }));
  };
  const ask = async (): Promise<{ readonly found: Plan; readonly problems: readonly Problem[] }> => {
    const neighbour = await findNeighbour(config, open);
    if (neighbour === null) return { found: await compute(), problems: desired.problems };
    const report = await neighbour.report();
    const answer = report?.digest === desired.digest ? await neighbour.plan() : null;
    if (report !== null && answer !== null) {
      note(`the plan of the running controller (${neighbour.name})`);
      return { found: answer, problems: problemsBeside(desired.problems, report) };
    }
    note(
      `the running controller (${neighbour.name}) has not taken in these manifests; the plan was computed from the files and Docker`,
    );
    return { found: await compute(), problems: desired.problems };
  };

  const { found, problems } = await ask();
  tellProblems(problems, terminal, sourcesOf(scan));
  if (form === 'json') terminal.stdout.write(renderPlanJson(found));
  else writeLines(terminal.stdout, renderPlan(found, paintFor(terminal.stdout, terminal.environment)));
  if (problems.some(({ code }) => code === 'POLICY_DENIED'))
    writeLines(form === 'json' ? terminal.stderr : terminal.stdout, renderNeeds(desired.needs).map(oneLine));
  if (hasErrors(problems)) return 1;
  return found.steps.length > 0 ? 2 : 0;
}
