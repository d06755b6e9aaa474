/**
 * `alicia graph`: who needs whom, in start order. Needs no Docker.
 * Owns: reading the manifests, what is told of cycles. Must not know: the forms of output, engines.
 */
import { declare } from '../manifest/declare.js';
import { parseManifests } from '../manifest/parse.js';
import { resolveManifests } from '../manifest/resolve.js';
import { printable } from '../model/printable.js';
import type { Problem } from '../model/problem.js';
import { choiceOption, configOf, type Invocation } from './invocation.js';
import { intakeOptionsOf, manifestFilesOf } from './read-manifests.js';
import { renderDot, renderGraphJson, renderGraphText, renderMermaid } from './render-graph.js';
import { sourcesOf } from './render-problems.js';
import { graphBelow, graphOf } from './service-graph.js';
import { tellProblems } from './tell-problems.js';
import { writeLines } from './terminal.js';

/** Exit code 1 on a cycle. */
export async function graph(invocation: Invocation): Promise<number> {
  const { terminal, words, options } = invocation;
  const form = choiceOption(invocation, 'output', ['text', 'mermaid', 'dot', 'json']);
  const [service] = words;
  const config = configOf({ ...invocation, options });
  const scan = await manifestFilesOf(config, terminal).scan();
  const parsed = parseManifests(scan);
  const resolving = { ...intakeOptionsOf(config, terminal, null), parsed };
  const drafts = [...declare(resolving).drafts.values()].filter((draft) => draft.kind === 'service');
  const whole = graphOf(drafts);
  const shown = service === undefined ? whole : graphBelow(whole, service);
  // A cycle is told as a path, and who is denied is drawn all the same; every other error says that something may be missing here.
  const { problems } = resolveManifests(resolving);
  const isTold = ({ severity, code }: Problem): boolean =>
    severity === 'error' && code !== 'DEPENDENCY_CYCLE' && code !== 'POLICY_DENIED';
  const others = problems.filter(isTold);
  tellProblems(others, terminal, sourcesOf(scan));
  const render = { text: renderGraphText, mermaid: renderMermaid, dot: renderDot, json: renderGraphJson }[
    form
  ];
  writeLines(terminal.stdout, render(shown));
  writeLines(
    terminal.stderr,
    shown.cycles.map(
      (cycle) => `cycle: ${cycle.map(printable).join(' → ')} — remove one of these dependencies`,
    ),
  );
  return shown.cycles.length > 0 ? 1 : 0;
}
