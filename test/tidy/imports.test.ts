import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/paths.js';
import { sourcesBelow } from '../support/tidy/sources.js';

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: { readonly violations: readonly Violation[] };
}
interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

/** Runs dependency-cruiser over `src` of a directory, with the rules of the checkout. */
function cruise(directory: string): Cruise {
  const { stdout, stderr } = spawnSync(
    join(root, 'node_modules', '.bin', 'depcruise'),
    ['src', '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'],
    { cwd: directory, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (!stdout.startsWith('{')) throw new Error(stderr);
  return JSON.parse(stdout) as Cruise;
}

test('dependency-cruiser sees every file of src', () => {
  const seen = new Set(cruise(root).modules.map(({ source }) => source));
  const paths = sourcesBelow('src').map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(0);
  expect(paths.filter((path) => !seen.has(path))).toEqual([]);
});

describe('a planted import is found', () => {
  // Within the checkout, so that packages resolve; .cache is seen by no other check.
  const planted = {
    'model/words.ts': 'export interface Word { readonly text: string }',
    'model/reads-files.ts': "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;",
    'model/knows-core.ts': "import type { Rule } from '../core/rule.js';\nexport type Known = Rule;",
    'manifest/knows-core.ts': "import { rule } from '../core/rule.js';\nexport const known = rule;",
    'manifest/reads-files.ts': "import { readFile } from 'node:fs/promises';\nexport const read = readFile;",
    'manifest/allowed.ts':
      "import { parse } from 'yaml';\nimport type { Word } from '../model/words.js';\nexport const read = (text: string): Word => parse(text);",
    'core/rule.ts':
      "import type { Word } from '../model/words.js';\nexport const rule: Word = { text: '' };\nexport type Rule = Word;",
    'core/knows-yaml.ts': "import { parse } from 'yaml';\nexport const read = parse;",
    'core/knows-ports.ts': "import type { Clock } from '../controller/ports.js';\nexport type Known = Clock;",
    'core/knows-nowhere.ts': "import { gone } from './gone.js';\nexport const known = gone;",
    'controller/ports.ts': 'export interface Clock { readonly now: number }',
    'controller/knows-adapter.ts':
      "import { docker } from '../adapters/docker/docker.js';\nexport const known = docker;",
    'controller/knows-library.ts': "import pino from 'pino';\nexport const known = pino;",
    'adapters/docker/docker.ts':
      "import Docker from 'dockerode';\nimport type { Clock } from '../../controller/ports.js';\nexport const docker = (clock: Clock): Docker => new Docker({ timeout: clock.now });",
    'adapters/docker/knows-core.ts': "import { rule } from '../../core/rule.js';\nexport const known = rule;",
    'adapters/mqtt/knows-docker.ts':
      "import { docker } from '../docker/docker.js';\nexport const known = docker;",
    'adapters/mqtt/knows-dockerode.ts': "import Docker from 'dockerode';\nexport const known = Docker;",
    'adapters/clock/knows-library.ts': "import pino from 'pino';\nexport const known = pino;",
    'adapters/clock/round.ts': "import { round } from './trip.js';\nexport const trip = round;",
    'adapters/clock/trip.ts': "import { trip } from './round.js';\nexport const round = trip;",
    'cli/run.ts': "import { rule } from '../core/rule.js';\nexport const run = rule;",
    'core/knows-cli.ts': "import { run } from '../cli/run.js';\nexport const known = run;",
    'config.ts': "import { hostname } from 'node:os';\nexport const known = hostname;",
    'main.ts':
      "import { run } from './cli/run.js';\nimport { rule } from './core/rule.js';\nexport const known = [run, rule];",
  };
  const expected: Readonly<Record<string, string>> = {
    'model/reads-files.ts': 'model-imports-nothing',
    'model/knows-core.ts': 'model-imports-nothing',
    'manifest/knows-core.ts': 'manifest-imports',
    'manifest/reads-files.ts': 'manifest-imports',
    'core/knows-yaml.ts': 'core-imports-the-model',
    'core/knows-ports.ts': 'core-imports-the-model',
    'core/knows-nowhere.ts': 'nothing-unresolved',
    'core/knows-cli.ts': 'nobody-imports-cli',
    'controller/knows-adapter.ts': 'controller-imports',
    'controller/knows-library.ts': 'controller-imports',
    'adapters/docker/knows-core.ts': 'adapter-docker-imports',
    'adapters/mqtt/knows-docker.ts': 'adapter-mqtt-imports',
    'adapters/mqtt/knows-dockerode.ts': 'adapter-mqtt-imports',
    'adapters/clock/knows-library.ts': 'other-adapter-imports',
    'adapters/clock/round.ts': 'no-cycles',
    'config.ts': 'config-imports',
    'main.ts': 'main-imports-cli',
  };
  let directory = '';
  let violations: readonly Violation[] = [];

  beforeAll(() => {
    mkdirSync(join(root, '.cache'), { recursive: true });
    directory = mkdtempSync(join(root, '.cache', 'planted-'));
    for (const name of ['tsconfig.json', 'package.json']) cpSync(join(root, name), join(directory, name));
    for (const [path, text] of Object.entries(planted)) {
      mkdirSync(dirname(join(directory, 'src', path)), { recursive: true });
      writeFileSync(join(directory, 'src', path), `${text}\n`);
    }
    violations = cruise(directory).summary.violations;
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test.each(Object.entries(expected))('%s breaks %s', (path, rule) => {
    const found = violations
      .filter(({ from }) => from === `src/${path}`)
      .map((violation) => violation.rule.name);
    expect(found).toContain(rule);
  });

  test('and nothing that is allowed', () => {
    const found = new Set(violations.map(({ from }) => from.replace(/^src\//, '')));
    expect([...found].sort()).toEqual(Object.keys(expected).sort());
  });
});
