// Owns: order and cycles of graphs.
import { expect, test } from 'vitest';
import { type Graph, orderOf, reachableFrom, reversed } from '../../src/model/graph.js';

const graph = (edges: Readonly<Record<string, readonly string[]>>): Graph<string> =>
  new Map(Object.entries(edges));

test('2.6 dependencies must come before dependants, free ones by name', () => {
  expect(orderOf(graph({ web: ['bus', 'db'], db: [], bus: [], ape: [] }))).toEqual({
    sorted: ['ape', 'bus', 'db', 'web'],
    cycles: [],
  });
});

test('among free ones the given order must decide', () => {
  const backwards = (a: string, b: string): number => (a < b ? 1 : -1);
  expect(orderOf(graph({ a: [], b: [], c: ['a'] }), backwards).sorted).toEqual(['b', 'a', 'c']);
});

test('2.1 a cycle must be told as a closed path from its smallest name, once', () => {
  expect(orderOf(graph({ c: ['a'], a: ['b'], b: ['c'], free: [] }))).toEqual({
    sorted: ['free'],
    cycles: [['a', 'b', 'c', 'a']],
  });
});

test('2.1 a service that depends on itself must be a cycle', () => {
  expect(orderOf(graph({ a: ['a'] })).cycles).toEqual([['a', 'a']]);
});

test('2.1 what is behind a cycle must not be part of it', () => {
  expect(orderOf(graph({ a: ['b'], b: ['a'], behind: ['a'] }))).toEqual({
    sorted: [],
    cycles: [['a', 'b', 'a']],
  });
});

test('2.1 two cycles must both be told', () => {
  expect(orderOf(graph({ a: ['b'], b: ['a'], x: ['y'], y: ['x'] })).cycles).toEqual([
    ['a', 'b', 'a'],
    ['x', 'y', 'x'],
  ]);
});

test('a name that nobody declares must be no part of the order', () => {
  expect(orderOf(graph({ a: ['ghost'] })).sorted).toEqual(['a']);
});

test('an edge named twice must count once', () => {
  expect(orderOf(graph({ a: ['b', 'b'], b: [] })).sorted).toEqual(['b', 'a']);
});

test('everything that a node needs must be found, itself never, cycles or not', () => {
  const needs = graph({ a: ['b'], b: ['c'], c: ['a'], d: ['a'] });
  expect([...reachableFrom(needs, 'a')].sort()).toEqual(['b', 'c']);
  expect([...reachableFrom(needs, 'd')].sort()).toEqual(['a', 'b', 'c']);
});

test('turned round, each node must have its dependants', () => {
  expect(reversed(graph({ web: ['bus'], api: ['bus'], bus: [] })).get('bus')).toEqual(['web', 'api']);
});
