import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemsOf, resolveTexts, type Texts } from '../manifest/texts.js';
import { exampleManifests, root } from '../support/paths.js';

const modeline = '# yaml-language-server: $schema=../schemas/manifest.schema.json\n';

const stack: Texts = Object.fromEntries(
  readdirSync(exampleManifests)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => [name, readFileSync(join(exampleManifests, name), 'utf8')]),
);

/** The manifests among the fenced blocks of a Markdown text. */
function manifestsIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^```ya?ml\n([\s\S]*?)^```$/gm)]
    .map(([, block = '']) => block)
    .filter((block) => /^apiVersion: alicia\//m.test(block));
}

describe('the example stack', () => {
  const services = [...resolveTexts(stack).services.values()];

  test('has no problem, not even a warning', () => {
    expect(problemsOf(stack)).toEqual([]);
    expect(services.map(({ name }) => name)).toEqual([
      'assistant',
      'gateway',
      'memory',
      'model-download',
      'stt',
      'tts',
    ]);
  });

  test('shows every condition, an optional dependency, replicas, checks, a volume, a network and a one-shot', () => {
    const dependencies = services.flatMap((service) => service.dependsOn);
    expect(new Set(dependencies.map(({ condition }) => condition)).size).toBe(3);
    expect(dependencies.some(({ required }) => !required)).toBe(true);
    expect(services.some(({ replicas }) => replicas > 1)).toBe(true);
    const texts = Object.values(stack).join('');
    for (const shown of ['healthcheck:', 'kind: Volume', 'kind: Network', 'restart: "no"'])
      expect(texts).toContain(shown);
  });

  test('tells editors its schema, pulls nothing and leaves the port of the bus alone', () => {
    for (const text of Object.values(stack)) {
      const written = String(text);
      expect(written.startsWith(modeline)).toBe(true);
      expect(written.match(/^ +image: /gm)?.length).toBe(written.match(/^ +pull_policy: never$/gm)?.length);
      expect(written).not.toContain('1883');
    }
  });
});

test('every manifest in README.md is good by itself', () => {
  const found = manifestsIn(readFileSync(join(root, 'README.md'), 'utf8'));
  expect(found.length).toBeGreaterThan(0);
  const problems = found.flatMap((text) => problemsOf({ 'readme.yaml': text }));
  expect(problems.filter((line) => line.includes(': error: '))).toEqual([]);
});

test('control: a manifest that is wrong is found among the blocks of a text', () => {
  const text =
    '# Title\n\n```yaml\napiVersion: alicia/v1\nkind: Servise\n```\n\n```sh\nnpm start\n```\n\n```yaml\na: 1\n```\n';
  const found = manifestsIn(text);
  expect(found).toHaveLength(1);
  expect(problemsOf({ 'readme.yaml': found[0] ?? '' }).join('\n')).toContain('UNKNOWN_KIND');
});
