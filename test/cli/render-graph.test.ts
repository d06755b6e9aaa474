import { expect, test } from 'vitest';
import { renderDot, renderGraphJson, renderGraphText, renderMermaid } from '../../src/cli/render-graph.js';
import { type DeclaredService, graphBelow, graphOf } from '../../src/cli/service-graph.js';

const needs = (name: string, ...dependsOn: DeclaredService['dependsOn']): DeclaredService => ({
  ...{ name, dependsOn },
  priority: 1,
});
const on = (service: string, required = true) => ({
  ...{ service, required },
  condition: 'service_healthy' as const,
});
const graph = graphOf([needs('web', on('end'), on('cache', false)), needs('end'), needs('alone')]);

test('the text must list services in start order with what each needs', () => {
  expect(renderGraphText(graph)).toEqual([
    'alone',
    'end',
    'web    needs cache (healthy, optional, not declared), end (healthy)',
  ]);
});

test('with a name only what that service needs must be shown', () => {
  expect(graphBelow(graph, 'web').nodes.map(({ service }) => service)).toEqual(['end', 'web']);
  expect(() => graphBelow(graph, 'wed')).toThrow(
    'no manifest declares a service "wed" — did you mean "web"?',
  );
});

test('Mermaid must draw optional dependencies dashed, and survive names that are its own words', () => {
  expect(renderMermaid(graphBelow(graph, 'web'))).toEqual([
    'flowchart BT',
    '  s1["end"]',
    '  s2["web"]',
    '  s3["cache"]',
    '  s2 -.->|healthy| s3',
    '  s2 -->|healthy| s1',
  ]);
});

test('Graphviz must get every name in quotes', () => {
  expect(renderDot(graphBelow(graph, 'web'))).toEqual([
    'digraph alicia {',
    '  rankdir=BT;',
    '  "end";',
    '  "web";',
    '  "web" -> "cache" [label="healthy", style=dashed];',
    '  "web" -> "end" [label="healthy"];',
    '}',
  ]);
});

test('the JSON must keep the start order and tell cycles as closed paths', () => {
  const round = graphOf([needs('b', on('a')), needs('a', on('b')), needs('c')]);
  const parsed = JSON.parse(renderGraphJson(round).join(''));
  expect(parsed.services.map(({ service }: { service: string }) => service)).toEqual(['c', 'a', 'b']);
  expect(parsed.cycles).toEqual([['a', 'b', 'a']]);
});
