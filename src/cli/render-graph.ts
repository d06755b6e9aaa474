/**
 * The dependency graph in four forms.
 * Owns: text, Mermaid, Graphviz and JSON. Must not know: where the graph comes from.
 */
import type { DependencyCondition } from '../model/desired.js';
import { printable, printableJson } from '../model/printable.js';
import { renderTable } from './render-table.js';
import type { GraphEdge, ServiceGraph } from './service-graph.js';

const WORDS: Readonly<Record<DependencyCondition, string>> = {
  service_started: 'started',
  service_healthy: 'healthy',
  service_completed_successfully: 'completed',
};

/** One line a service, in start order: its name, and what it needs in which condition. */
export function renderGraphText({ nodes }: ServiceGraph): readonly string[] {
  if (nodes.length === 0) return ['No services.'];
  return renderTable(
    nodes.map(({ service, dependsOn }) => [
      printable(service),
      dependsOn.length === 0 ? '' : `needs ${dependsOn.map(edgeText).join(', ')}`,
    ]),
  );
}

function edgeText({ service, condition, required, declared }: GraphEdge): string {
  const notes = [WORDS[condition], ...(required ? [] : ['optional']), ...(declared ? [] : ['not declared'])];
  return `${printable(service)} (${notes.join(', ')})`;
}

/** A Mermaid flow chart; arrows lead from a service to what it needs, dashed where that is optional. */
export function renderMermaid({ nodes }: ServiceGraph): readonly string[] {
  const ids = idsOf(nodes.flatMap(({ service, dependsOn }) => [service, ...dependsOn.map((e) => e.service)]));
  return [
    'flowchart BT',
    ...[...ids].map(([name, id]) => `  ${id}["${labelOf(name)}"]`),
    ...nodes.flatMap(({ service, dependsOn }) =>
      dependsOn.map(
        (edge) =>
          `  ${ids.get(service)} ${edge.required ? '-->' : '-.->'}|${WORDS[edge.condition]}| ${ids.get(edge.service)}`,
      ),
    ),
  ];
}

/** Names such as `end` are words of Mermaid: each node gets an id of its own. */
const idsOf = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map([...new Set(names)].map((name, index) => [name, `s${index + 1}`]));

/** A quote would end the label, `<` and a backtick would be read as HTML and Markdown: signs are written by their number. */
const labelOf = (name: string): string =>
  printable(name).replace(/[^\p{L}\p{N} _.:/@-]/gu, (sign) => `#${sign.codePointAt(0)};`);

/** A Graphviz digraph. */
export function renderDot({ nodes }: ServiceGraph): readonly string[] {
  return [
    'digraph alicia {',
    '  rankdir=BT;',
    ...nodes.map(({ service }) => `  ${quoted(service)};`),
    ...nodes.flatMap(({ service, dependsOn }) =>
      dependsOn.map((edge) => {
        const style = edge.required ? '' : ', style=dashed';
        return `  ${quoted(service)} -> ${quoted(edge.service)} [label=${quoted(WORDS[edge.condition])}${style}];`;
      }),
    ),
    '}',
  ];
}

const quoted = (text: string): string =>
  `"${printable(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** The stable shape of `graph -o json`: services in start order. */
export function renderGraphJson({ nodes, cycles }: ServiceGraph): readonly string[] {
  const services = nodes.map(({ service, priority, dependsOn }) => ({
    service,
    priority,
    depends_on: dependsOn.map((edge) => ({
      service: edge.service,
      condition: edge.condition,
      required: edge.required,
      declared: edge.declared,
    })),
  }));
  return [printableJson({ services, cycles })];
}
