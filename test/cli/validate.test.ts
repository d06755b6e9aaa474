import { afterEach, expect, test } from 'vitest';
import { renderWorkflowCommands } from '../../src/cli/validate.js';
import { type } from './support/fake-terminal.js';
import { createManifestFolder, type ManifestFolder, serviceText } from './support/manifest-folder.js';

const folders: ManifestFolder[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) folder.remove();
});
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = createManifestFolder(files);
  folders.push(folder);
  return folder.path;
}

const good = serviceText('web', '  image: nginx');
const bad = serviceText('stt', '  image: stt\n  prots: ["80:80"]');

test('good manifests must exit 0 and be counted, and what is not ours must be left alone', async () => {
  const path = folderOf({ 'web.yaml': good, 'values.yaml': 'a: 1\n' });
  expect(await type(`validate ${path}`)).toEqual({
    code: 0,
    out: '1 manifest, 1 good service, 0 errors, 0 warnings; 1 other document left alone\n',
    err: '',
  });
});

test('a problem must be told with its place and what was meant', async () => {
  const path = folderOf({ 'a/stt.yaml': bad, 'web.yaml': good });
  const { code, out } = await type(`validate ${path}`);
  expect(code).toBe(1);
  expect(out.split('\n')[0]).toBe(
    `${path}/a/stt.yaml:7:3: error: spec: unknown field "prots" — did you mean "ports"? [UNKNOWN_FIELD]`,
  );
  expect(out.split('\n').slice(1, 3)).toEqual(['  7 |   prots: ["80:80"]', '    |   ^']);
  expect(out).toContain('2 manifests, 1 good service, 1 error, 0 warnings\n');
});

test('-o json must have a stable shape', async () => {
  const path = folderOf({ 'stt.yaml': bad });
  const { code, out } = await type(`validate ${path} -o json`);
  expect(code).toBe(1);
  const report = JSON.parse(out);
  expect(Object.keys(report)).toEqual([
    'problems',
    'errors',
    'warnings',
    'manifests',
    'services',
    'foreign',
    'needs',
  ]);
  expect(report.problems[0]).toMatchObject({ code: 'UNKNOWN_FIELD', line: 7, column: 3, service: 'stt' });
});

test('-o github must be workflow commands in which nothing can break out', () => {
  const problem = {
    code: 'BAD_VALUE',
    severity: 'warning',
    file: 'a,b:c.yaml',
    ...{ line: 3, column: 5, service: null },
    message: '100%\n::error::x',
  } as const;
  expect(
    renderWorkflowCommands({
      problems: [problem],
      manifests: 1,
      services: 1,
      foreign: 0,
      needs: { services: 2, allow: 'bind:/mnt/a,socket' },
      sources: new Map(),
    }),
  ).toEqual([
    '::warning file=a%2Cb%3Ac.yaml,line=3,col=5,title=BAD_VALUE::100%25%0A::error::x',
    '::notice::1 manifest, 1 good service, 0 errors, 1 warning',
    '::notice::2 services need: --allow bind:/mnt/a,socket',
  ]);
});

test('9.3 what would have to be allowed must be the last line, ready to copy, and gone once it is allowed', async () => {
  const path = folderOf({
    'a.yaml': serviceText('a', '  image: nginx\n  volumes: ["/mnt/my data:/a"]\n  devices: [/dev/ttyUSB0]'),
    'b.yaml': serviceText('b', '  image: nginx\n  volumes: ["/mnt/my data/b:/b", "/run/docker.sock:/s"]'),
    'web.yaml': good,
  });
  const line = "--allow 'bind:/mnt/my data,socket,device:/dev/ttyUSB0'";
  const denied = await type(`validate ${path}`);
  expect(denied.code).toBe(1);
  expect(denied.out).toContain('give --allow device:/dev/ttyUSB0 [POLICY_DENIED]');
  expect(denied.out.trimEnd().split('\n').slice(-2)).toEqual([
    '3 manifests, 1 good service, 4 errors, 0 warnings',
    `2 services need: ${line}`,
  ]);
  expect((await type(`validate ${path} -o github`)).out).toMatch(
    /\n::notice::2 services need: --allow '[^\n]*'\n$/,
  );
  expect(JSON.parse((await type(`validate ${path} -o json`)).out).needs).toEqual({
    services: 2,
    allow: 'bind:/mnt/my data,socket,device:/dev/ttyUSB0',
  });
  const partly = await type(`validate ${path} --allow bind,socket`);
  expect(partly.out).toMatch(/\n1 service needs: --allow device:\/dev\/ttyUSB0\n$/);
  const environment = { ALICIA_ALLOW: 'bind:/mnt/my data,socket,device:/dev/ttyUSB0' };
  expect(await type(`validate ${path}`, { environment })).toEqual({
    ...{ code: 0, err: '' },
    out: '3 manifests, 3 good services, 0 errors, 0 warnings\n',
  });
  expect(JSON.parse((await type(`validate ${path} -o json`, { environment })).out).needs).toBeNull();
});

test('a missing directory must be an error', async () => {
  const { code, out } = await type('validate /nowhere/at/all');
  expect(code).toBe(1);
  expect(out).toContain('[DIRECTORY_MISSING]');
});

test('several directories must be taken together', async () => {
  const [first, second] = [folderOf({ 'web.yaml': good }), folderOf({ 'web.yaml': good })];
  const { code, out } = await type(`validate ${first} ${second}`);
  expect(code).toBe(1);
  expect(out).toContain('[DUPLICATE_NAME]');
});
