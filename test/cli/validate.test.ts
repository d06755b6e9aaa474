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

test('9.4 the text of a file that a manifest names must not be shown, though it passes for a manifest itself', async () => {
  const secret = 'apiVersion: alicia/v1\nkind: Secret\nmetadata: {name: x}\nspec: {file: ./sub/x.yaml}\n';
  const path = folderOf({ 'a.yaml': secret, 'sub/x.yaml': 'services: {db: hunter2\n' });
  const { code, out } = await type(`validate ${path}`);
  expect(code).toBe(1);
  expect(out).toContain('sub/x.yaml:');
  expect(out).not.toContain('hunter2');
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
    '::warning file=a%2Cb%3Ac.yaml,line=3,col=5,title=BAD_VALUE::100%25\\n::error::x',
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

test('no name of a file and no value may break the line of a problem, or move the cursor', async () => {
  const spec = '  image: nginx\n  restart: "al\\nways\\e[2J\\u202e"\n  "pro\\nts\\e[1A": []';
  const path = folderOf({ 'a\nb\u001b[2J\u009b.yaml': serviceText('web', spec) });
  const { out } = await type(`validate ${path}`);
  const printed = out.replaceAll(path, 'm');
  expect(printed.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  const problems = printed.split('\n').filter((line) => line.startsWith('m/'));
  expect(problems).toEqual([
    String.raw`m/a\nb\u001b[2J\u009b.yaml:7:3: error: spec.restart: not a valid value: "al\nways\u001b[2J\u202e" — write something such as "unless-stopped" or "on-failure:3" or "no" [BAD_VALUE]`,
    String.raw`m/a\nb\u001b[2J\u009b.yaml:8:3: error: spec: unknown field "pro\nts\u001b[1A" — remove it, or correct its name [UNKNOWN_FIELD]`,
  ]);
});

/** What lies beside manifests in a house: none of it is ours, some of it no YAML that we would read. */
const FOREIGN: Readonly<Record<string, string>> = {
  'prometheus/prometheus.yml':
    'global: {scrape_interval: 15s}\nscrape_configs:\n  - job_name: node\n    static_configs:\n      - targets: ["localhost:9100"]\n',
  'prometheus/rules.yml': 'groups:\n  - name: a\n    rules: [{alert: Down, expr: "up == 0", for: 5m}]\n',
  'homeassistant/configuration.yaml':
    'default_config:\nautomation: !include automations.yaml\nsensor: !include_dir_merge_list sensors\nhttp:\n  api_password: !secret http_password\n',
  'homeassistant/automations.yaml': '- id: 1\n  trigger: [{platform: sun, event: sunset}]\n  on: yes\n',
  'homeassistant/secrets.yaml': 'http_password: welcome\n',
  'traefik/traefik.yml':
    'entryPoints:\n  web: {address: ":80"}\nproviders: {docker: {exposedByDefault: false}}\n',
  'traefik/dynamic.yml':
    'http:\n  routers: {a: {rule: "Host(`a.example`)", service: a}}\n  services: {a: {loadBalancer: {servers: [{url: "http://a"}]}}}\n',
  'ansible/site.yml':
    '---\n- hosts: all\n  tasks:\n    - name: Ping\n      ping:\n    - debug: {msg: "{{ inventory_hostname }}"}\n',
  'ansible/vault.yml': 'password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3161\n',
  'helm/templates/deployment.yaml':
    '{{- if .Values.on }}\napiVersion: apps/v1\nkind: Deployment\n{{- end }}\n',
  'zigbee/state.json': '{"0x00158d0001": {"state": "ON", "last_seen": 1}}\n',
  'zigbee/coordinator_backup.json': '[{"metadata": {"format": "zigpy/open-coordinator-backup"}}]\n',
  'k8s/web.yaml':
    'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n',
  '.github/workflows/ci.yaml': 'on: push\njobs: {}\n',
};

test('contract 1: the YAML and JSON of others beside two manifests must be no error, and counted', async () => {
  const path = folderOf({
    ...FOREIGN,
    'web.yaml': good,
    'voice/stt.yaml': serviceText('stt', '  image: stt'),
  });
  // Two documents in one file, and nothing of what is hidden.
  expect(await type(`validate ${path}`)).toEqual({
    code: 0,
    out: '2 manifests, 2 good services, 0 errors, 0 warnings; 14 other documents left alone\n',
    err: '',
  });
});
