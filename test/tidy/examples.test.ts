import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemsOf, resolveTexts, type Texts } from '../manifest/texts.js';
import { exampleManifests, root } from '../support/paths.js';

/** The language server of VS Code and others reads this one, in each document by itself. */
const MODELINE = /^# yaml-language-server: \$schema=(\S+)$/m;
/** JetBrains reads this one, at the top of a file. */
const JETBRAINS_MODELINE = /^# \$schema: (\S+)$/m;

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

const inReadme = manifestsIn(readFileSync(join(root, 'README.md'), 'utf8'));

/** What is wrong with the lines by which editors find the schema of a text that lies in manifests/. */
function modelineProblems(text: string): readonly string[] {
  const paths = text.split(/^---$/m).map((document) => MODELINE.exec(document)?.[1] ?? 'none');
  paths.push(JETBRAINS_MODELINE.exec(text.split(/^[^#\s]/m)[0] ?? '')?.[1] ?? 'none at the top');
  return paths.filter((path) => !existsSync(join(exampleManifests, path)));
}

test.each([...Object.entries(stack), ...inReadme.map((text) => ['README.md', text] as const)])(
  'contract 1: editors find the schema from every document of %s, whichever of the two lines they read',
  (_name, text) => {
    expect(modelineProblems(String(text))).toEqual([]);
  },
);

test('control: a document without a line for editors, and a path that leads nowhere, are found', () => {
  const jetBrains = '# $schema: ../schemas/manifest.schema.json\n';
  const other = '# yaml-language-server: $schema=../schemas/manifest.schema.json\n';
  expect(modelineProblems(`${other}${jetBrains}a: 1\n---\n${other}b: 1\n`)).toEqual([]);
  expect(modelineProblems(`${other}a: 1\n---\nb: 1\n${jetBrains}`)).toEqual(['none', 'none at the top']);
  expect(modelineProblems('# yaml-language-server: $schema=../gone.json\n# $schema: ./gone.json\n')).toEqual([
    '../gone.json',
    './gone.json',
  ]);
});

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

  test('pulls nothing and leaves the port of the bus alone', () => {
    for (const text of Object.values(stack)) {
      const written = String(text);
      expect(written.match(/^ +image: /gm)?.length).toBe(written.match(/^ +pull_policy: never$/gm)?.length);
      expect(written).not.toContain('1883');
    }
  });
});

test('every manifest in README.md is good by itself, but for the files that it names', () => {
  expect(inReadme.length).toBeGreaterThan(0);
  const files = { 'db_password.txt': 'hunter2', 'greeting.txt': 'hello' };
  const problems = inReadme.flatMap((text) => problemsOf({ 'readme.yaml': text, ...files }));
  expect(problems.filter((line) => line.includes(': error: '))).toEqual([]);
});

test('control: a manifest that is wrong is found among the blocks of a text', () => {
  const text =
    '# Title\n\n```yaml\napiVersion: alicia/v1\nkind: Servise\n```\n\n```sh\nnpm start\n```\n\n```yaml\na: 1\n```\n';
  const found = manifestsIn(text);
  expect(found).toHaveLength(1);
  expect(problemsOf({ 'readme.yaml': found[0] ?? '' }).join('\n')).toContain('UNKNOWN_KIND');
});
