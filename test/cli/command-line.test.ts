import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-table.js';
import { root } from '../support/paths.js';
import { type } from './support/fake-terminal.js';

const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version as string;

test('without words the help must be printed, with every command of this version and no other', async () => {
  const { code, out } = await type('');
  expect(code).toBe(0);
  const listed = [...out.matchAll(/^ {2}([a-z]+) (?:\[|\s)/gm)].map(([, name]) => name);
  expect(listed).toEqual(['run', 'apply', 'plan', 'validate', 'status', 'graph', 'down', 'schema', 'help']);
});

test('--version must print the version of the package', async () => {
  expect(await type('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('every command must have a help with exit codes and examples', async () => {
  for (const { name, exits, examples } of COMMANDS) {
    const { code, out } = await type(`${name} --help`);
    expect(code).toBe(0);
    expect(out).toContain(`Exit codes: ${exits}`);
    for (const [line] of examples) expect(out).toContain(line);
    expect((await type(`help ${name}`)).out).toBe(out);
  }
});

test('an unknown command must name the nearest one', async () => {
  const { code, out, err } = await type('vaildate');
  expect([code, out]).toEqual([1, '']);
  expect(err).toBe("alicia: unknown command 'vaildate'\n(Did you mean validate?)\n");
});

test('an unknown option must name the nearest one', async () => {
  const { code, err } = await type('plan --projet x');
  expect(code).toBe(1);
  expect(err).toBe("alicia: unknown option '--projet'\n(Did you mean --project?)\n");
});

test('commands of later versions must be unknown', async () => {
  for (const name of ['logs', 'events', 'import', 'doctor']) expect((await type(name)).code).toBe(1);
});

test('a flag of a later version must be an error that says so', async () => {
  const { code, err } = await type('plan --homeassistant');
  expect(code).toBe(1);
  expect(err).toBe('alicia: --homeassistant: this version has no such feature yet; leave it out\n');
});

test('every problem of the configuration must be told at once', async () => {
  const { code, err } = await type('validate --project UPPER --rescan 5');
  expect(code).toBe(1);
  expect(err.trimEnd().split('\n')).toHaveLength(2);
  expect(err).toContain('alicia: --project: ');
  expect(err).toContain('alicia: --rescan: ');
});

test('a form of output that does not exist must name those that do', async () => {
  const { code, err } = await type('plan -o yaml');
  expect(code).toBe(1);
  expect(err).toBe('alicia: --output: expected one of text, json, got "yaml"\n');
});

test('--timeout must be a duration with a unit', async () => {
  const { code, err } = await type('apply --timeout 5');
  expect(code).toBe(1);
  expect(err).toBe('alicia: --timeout: expected a duration such as 5m or 30s, got "5"\n');
});

test('an engine that is away must be one sentence with the mend', async () => {
  const { code, out, err } = await type('plan --docker-host unix:///nowhere/docker.sock');
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^alicia: Docker: .*is Docker running.*\n$/);
});
