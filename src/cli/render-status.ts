/**
 * Statuses as people read them.
 * Owns: symbols, the table, the `!` lines, all about one service. Must not know: where a status comes from.
 */
import { renderProblem } from '../manifest/render-problem.js';
import { printable } from '../model/printable.js';
import type { Problem } from '../model/problem.js';
import {
  type Health,
  type InstanceStatus,
  isSettled,
  type ServiceStatus,
  type State,
  type Sync,
} from '../model/status.js';
import { type Brush, oneLine, type Paint } from './paint.js';
import { renderTable } from './render-table.js';

type Tone = Exclude<keyof Paint, 'strong'> | 'plain';

const STATES: Readonly<Record<State, readonly [string, Tone]>> = {
  maintenance: ['■', 'busy'],
  unknown: ['?', 'busy'],
  stopping: ['◑', 'busy'],
  failed: ['✗', 'bad'],
  starting: ['◐', 'busy'],
  running: ['●', 'good'],
  stopped: ['○', 'faint'],
};
const SYNCS: Readonly<Record<Sync, readonly [string, Tone]>> = {
  Synced: ['✓', 'good'],
  OutOfSync: ['≠', 'busy'],
  Unknown: ['?', 'busy'],
};
const HEALTHS: Readonly<Record<Health, readonly [string, Tone]>> = {
  Healthy: ['✓', 'good'],
  Completed: ['✓', 'good'],
  Suspended: ['–', 'faint'],
  Progressing: ['…', 'busy'],
  Missing: ['○', 'busy'],
  Degraded: ['✗', 'bad'],
  Unknown: ['?', 'busy'],
};

/** A state with its symbol. */
export const stateCell = (state: State, paint: Paint): string => cell(state, STATES[state], paint);
const syncCell = (sync: Sync, paint: Paint): string => cell(sync, SYNCS[sync], paint);
/** A health with its symbol. */
export const healthCell = (health: Health, paint: Paint): string => cell(health, HEALTHS[health], paint);

function cell(word: string, [symbol, tone]: readonly [string, Tone], paint: Paint): string {
  const brush: Brush = tone === 'plain' ? (text) => text : paint[tone];
  return brush(`${symbol} ${word}`);
}

/** The table of services; `wide` adds columns. Without services: one sentence. */
export function renderStatusTable(
  statuses: readonly ServiceStatus[],
  { paint, isWide }: { readonly paint: Paint; readonly isWide: boolean },
): readonly string[] {
  if (statuses.length === 0) return ['No services.'];
  const heads = ['SERVICE', 'STATE', 'SYNC', 'HEALTH', 'READY', 'RESTARTS', 'VERSION'];
  const wideHeads = ['IMAGE', 'PORTS', 'CATEGORY', 'DESCRIPTION'];
  const rows = statuses.map((status) => [
    printable(status.service),
    stateCell(status.state, paint),
    syncCell(status.sync, paint),
    healthCell(status.health, paint),
    `${status.replicas.ready}/${status.replicas.desired}`,
    String(status.restarts),
    oneLine(status.version),
    ...(isWide
      ? [
          oneLine(status.image),
          portsOf(status.instances) || '-',
          oneLine(status.category),
          oneLine(status.description) || '-',
        ]
      : []),
  ]);
  return renderTable([isWide ? [...heads, ...wideHeads] : heads, ...rows]);
}

/** One `!` line per problem: services that are not as they should be, then problems of manifests. */
export function renderStatusProblems(
  statuses: readonly ServiceStatus[],
  problems: readonly Problem[],
  paint: Paint,
): readonly string[] {
  const bad = statuses.filter((status) => !isSettled(status) && whatIsWrong(status) !== '');
  return [
    ...bad.map((status) => `${paint.bad('!')} ${printable(status.service)}  ${whatIsWrong(status)}`),
    ...problems.map((problem) => `${paint.bad('!')} ${oneLine(renderProblem(problem))}`),
  ];
}

/** `ImagePullFailed: …`; empty when nothing is known to be wrong. */
export function whatIsWrong({ reason, message }: ServiceStatus): string {
  return [reason ?? '', oneLine(message)].filter((part) => part !== '').join(': ');
}

/** Everything about one service. */
export function renderServiceStatus(status: ServiceStatus, paint: Paint): readonly string[] {
  const { replicas } = status;
  const needs = [...status.depends_on, ...status.optional_deps.map((name) => `${name} (optional)`)];
  const facts: readonly (readonly [string, string])[] = [
    ['State', stateCell(status.state, paint)],
    ['Sync', syncCell(status.sync, paint)],
    ['Health', healthCell(status.health, paint)],
    ['Why', whatIsWrong(status)],
    ['Waits for', namesOf(status.waiting_for)],
    [
      'Replicas',
      `${replicas.desired} desired, ${replicas.current} current, ${replicas.updated} updated, ${replicas.ready} ready`,
    ],
    ['Restarts', String(status.restarts)],
    ['Image', oneLine(status.image)],
    ['Version', oneLine(status.version)],
    ['Category', `${oneLine(status.category)}, priority ${status.priority}`],
    ['Stack', printable(status.stack ?? '')],
    ['Needs', namesOf(needs)],
    ['Needed by', namesOf(status.required_by)],
    ['Revision', oneLine(status.revision)],
    ['Hash', oneLine(status.hash)],
    ['Observed', oneLine(status.observed_at)],
  ];
  const title = [paint.strong(printable(status.service)), oneLine(status.description)].filter(
    (part) => part !== '',
  );
  return [
    title.join(' — '),
    ...renderTable(
      facts.filter(([, value]) => value !== '').map(([name, value]) => [`  ${paint.faint(name)}`, value]),
    ),
    ...section('Conditions', [
      ['TYPE', 'STATUS', 'SINCE', 'REASON'],
      ...status.conditions.map(({ type, status: word, reason, message, lastTransitionTime }) => [
        type,
        word,
        oneLine(lastTransitionTime),
        [reason, oneLine(message)].filter((part) => part !== '').join(': ') || '-',
      ]),
    ]),
    ...section('Instances', [
      ['SLOT', 'NAME', 'STATE', 'HEALTH', 'RESTARTS', 'STARTED', 'ADDRESS', 'PORTS', 'EXIT'],
      ...status.instances.map((instance) => instanceRow(instance, paint)),
    ]),
  ];
}

function instanceRow(instance: InstanceStatus, paint: Paint): readonly string[] {
  const exit = instance.exit_code === null ? '-' : String(instance.exit_code);
  return [
    String(instance.slot),
    printable(instance.instance_id),
    stateCell(instance.state, paint),
    instance.health_status,
    String(instance.restart_count),
    oneLine(instance.start_time ?? '-'),
    oneLine(instance.ip_address ?? '-'),
    portsOf([instance]) || '-',
    instance.oom_killed ? `${exit} (out of memory)` : exit,
  ];
}

function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length <= 1) return [];
  return ['', title, ...renderTable(rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]))];
}

const namesOf = (names: readonly string[]): string => names.map(printable).join(', ');

function portsOf(instances: readonly InstanceStatus[]): string {
  return instances
    .flatMap(({ ports }) =>
      Object.entries(ports)
        .sort(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
        .map(([inside, outside]) => `${outside}->${printable(inside)}`),
    )
    .join(', ');
}
