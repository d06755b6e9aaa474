/**
 * `alicia status`: how the services do.
 * Owns: asking a running controller or computing it here, what is shown, `--watch`. Must not know: how a status is found.
 */
import { didYouMean } from '../manifest/suggest.js';
import { printable, printableJson } from '../model/printable.js';
import type { Problem } from '../model/problem.js';
import { isSettled, type ServiceStatus } from '../model/status.js';
import { findNeighbour } from './beside.js';
import { CommandError } from './command-error.js';
import { contextOf } from './decision-context.js';
import { choiceOption, configOf, type Invocation, isOn } from './invocation.js';
import { observeOnce } from './observe-once.js';
import { type OpenEngine, openEngine } from './open-engine.js';
import { oneLine, type Paint, paintFor } from './paint.js';
import { readManifests } from './read-manifests.js';
import { renderServiceStatus, renderStatusProblems, renderStatusTable } from './render-status.js';
import { statusesIn } from './statuses-once.js';
import { hasErrors } from './tell-problems.js';
import type { Terminal } from './terminal.js';

/** Statuses, and where they come from. */
export interface StatusReading {
  /** Sorted by name. */
  readonly statuses: readonly ServiceStatus[];
  readonly problems: readonly Problem[];
  /** One sentence. */
  readonly source: string;
}

/** What of it is shown, and how. */
export interface StatusView {
  readonly service: string | undefined;
  readonly form: 'text' | 'wide' | 'json' | 'name';
  readonly onlyProblems: boolean;
  readonly paint: Paint;
}

/** How often `--watch` looks. */
const WATCH_MS = 1_000;

/** Exit code 0; with `--exit-code` 2 if not all is good. */
export async function status(invocation: Invocation): Promise<number> {
  const { terminal, words } = invocation;
  const view: StatusView = {
    service: words[0],
    form: choiceOption(invocation, 'output', ['text', 'wide', 'json', 'name']),
    onlyProblems: onlyOf(invocation),
    paint: paintFor(terminal.stdout, terminal.environment),
  };
  const config = configOf(invocation);
  const open = await openEngine(config);
  const read = (): Promise<StatusReading> => readStatus({ config, open, terminal });
  const reading = await read();
  terminal.stderr.write(`alicia: ${oneLine(reading.source)}\n`);
  terminal.stdout.write(renderReading(reading, view));
  const last = isOn(invocation, 'watch') ? await watch(reading, { read, view, terminal }) : reading;
  return isOn(invocation, 'exitCode') && !isAllGood(last, view.service) ? 2 : 0;
}

function onlyOf(invocation: Invocation): boolean {
  return (
    invocation.options.only !== undefined && choiceOption(invocation, 'only', ['problems']) === 'problems'
  );
}

/** Asks the running controller, or computes it. */
async function readStatus(parts: {
  readonly config: ReturnType<typeof configOf>;
  readonly open: OpenEngine;
  readonly terminal: Terminal;
}): Promise<StatusReading> {
  const { config, open, terminal } = parts;
  const neighbour = await findNeighbour(config, open);
  const report = (await neighbour?.report()) ?? null;
  const services = (await neighbour?.services()) ?? null;
  if (neighbour !== null && report !== null && services !== null) {
    const source = `asked the running controller (${neighbour.name})`;
    return { statuses: services, problems: report.problems, source };
  }
  const { desired, scan } = await readManifests(config, terminal, open.self.hostPaths);
  const observed = await observeOnce(open.engine, { info: open.info, desired });
  return {
    statuses: statusesIn(contextOf({ config, terminal, self: open.self, desired, scan, observed })),
    problems: desired.problems,
    source: 'no controller is running: computed from the manifests and Docker',
  };
}

/** What is printed of a reading. */
export function renderReading({ statuses, problems }: StatusReading, view: StatusView): string {
  const { service, form, paint, onlyProblems } = view;
  const named = service === undefined ? null : findService(statuses, service);
  if (named !== null && form === 'json') return `${printableJson(named)}\n`;
  if (named !== null && form === 'text') return textOf(renderServiceStatus(named, paint));
  const all = named === null ? statuses : [named];
  const shown = onlyProblems ? all.filter((each) => !isSettled(each)) : all;
  if (form === 'json') return `${printableJson(shown)}\n`;
  if (form === 'name') return textOf(shown.map((each) => printable(each.service)));
  const shownProblems = named === null ? problems : problems.filter((each) => each.service === named.service);
  const table =
    onlyProblems && shown.length === 0
      ? ['All services are good.']
      : renderStatusTable(shown, { paint, isWide: form === 'wide' });
  return textOf([...table, ...renderStatusProblems(shown, shownProblems, paint)]);
}

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

function findService(statuses: readonly ServiceStatus[], name: string): ServiceStatus {
  const found = statuses.find(({ service }) => service === name);
  if (found !== undefined) return found;
  const names = statuses.map(({ service }) => service);
  throw new CommandError(`there is no service "${name}"${didYouMean(name, names)}`);
}

function isAllGood({ statuses, problems }: StatusReading, service: string | undefined): boolean {
  const named = statuses.filter((each) => service === undefined || each.service === service);
  return named.every(isSettled) && (service !== undefined || !hasErrors(problems));
}

/** Prints again when something has changed; on a terminal in the place of what stands there. Ends with Ctrl-C. */
async function watch(
  first: StatusReading,
  parts: {
    readonly read: () => Promise<StatusReading>;
    readonly view: StatusView;
    readonly terminal: Terminal;
  },
): Promise<StatusReading> {
  const { read, view, terminal } = parts;
  const { stdout, clock } = terminal;
  let isEnded = false;
  let wake = (): void => {};
  const forget = terminal.onSignal(() => {
    isEnded = true;
    wake();
  });
  let last = first;
  let shown = renderReading(first, view);
  while (!isEnded) {
    await new Promise<void>((resolve) => {
      const cancel = clock.after(WATCH_MS, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
    if (isEnded) break;
    last = await read();
    const text = renderReading(last, view);
    if (text === shown) continue;
    shown = text;
    stdout.write(stdout.isTty && view.form !== 'json' ? `\u001b[H\u001b[2J${text}` : text);
  }
  forget();
  return last;
}
