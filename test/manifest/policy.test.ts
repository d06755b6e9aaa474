/**
 * What services ask of the host, and what `--allow` lets them have.
 */
import { describe, expect, test } from 'vitest';
import { renderAllow } from '../../src/manifest/allowance.js';
import { emptyIntake, takeIn } from '../../src/manifest/intake.js';
import { parseManifests } from '../../src/manifest/parse.js';
import { resolveManifests } from '../../src/manifest/resolve.js';
import { serviceName } from '../../src/model/ids.js';
import { POLICY_KINDS, type PolicyKind, type PolicyWord } from '../../src/model/policy.js';
import {
  documents,
  OPTIONS,
  problemsOf,
  problemsOfSpec,
  resolveTexts,
  scanOf,
  service,
  type Texts,
} from './texts.js';

const word = (text: string): PolicyWord => {
  const [kind = '', value = null] = text.split(/:(.*)/s);
  return { kind: kind as PolicyWord['kind'], value };
};
const allow = (...words: readonly string[]): { readonly allow: readonly PolicyWord[] } => ({
  allow: words.map(word),
});

const volume = (name: string, spec: string): string =>
  `apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const OTHERS: Texts = {
  'objects.yaml': documents(
    volume('bound', '{driver_opts: {type: none, o: "rw,bind", device: /mnt/x/../disk/data}}'),
    volume('inside', '{driver_opts: {type: none, o: bind, device: /srv/m/data}}'),
    volume('disk', '{driver_opts: {type: ext4, device: /dev/sdb1}}'),
    volume(
      'layers',
      '{driver_opts: {type: overlay, device: overlay, o: "lowerdir=/mnt/a:/mnt/b,upperdir=/srv/m/u,workdir=/srv/m/w"}}',
    ),
    volume('runs', '{driver_opts: {type: none, o: bind, device: /run}}'),
    volume('kernel', '{driver_opts: {type: sysfs, device: /dev/ttyUSB0}}'),
    volume('odd', '{driver_opts: {type: constructor}}'),
    volume('nfs', '{driver_opts: {type: nfs, o: "addr=10.0.0.1,rw", device: ":/export"}}'),
    volume('plain', '{}'),
    volume('theirs', '{external: true}'),
    'apiVersion: alicia/v1\nkind: Network\nmetadata: {name: outer}\nspec: {external: true, name: host}\n',
  ),
  'db.yaml': service('db'),
};

const textsOf = (spec: string): Texts => ({ 'web.yaml': service('web', `image: tb\n${spec}`), ...OTHERS });

/** What a service with these lines needs, as `--allow` takes it. */
const needsOf = (spec: string, options: Parameters<typeof resolveTexts>[1] = allow()): string => {
  const { needs, problems, services } = resolveTexts(textsOf(spec), options);
  expect(services.has(serviceName('web')), JSON.stringify(problems)).toBe(needs === null);
  expect(
    needs === null || problems.every(({ code, service: of }) => code === 'POLICY_DENIED' && of === 'web'),
  ).toBe(true);
  return needs?.allow ?? '';
};

/** Lines of a service, the words that they need, and where the first of them is asked for. */
const ASKED: readonly (readonly [string, readonly string[], string])[] = [
  ['privileged: true', ['privileged'], '6:3'],
  ['network_mode: host', ['host-network'], '6:3'],
  ['networks: [outer]', ['host-network'], '6:14'],
  ['networks: {outer: }', ['host-network'], '6:14'],
  ['pid: host', ['host-pid'], '6:3'],
  ['ipc: host', ['host-ipc'], '6:3'],
  ['userns_mode: host', ['userns-host'], '6:3'],
  ['pid: container:db', ['container-namespace'], '6:3'],
  ['ipc: container:db', ['container-namespace'], '6:3'],
  ['volumes: ["/mnt/data:/data:ro"]', ['bind:/mnt/data'], '6:13'],
  ['volumes: ["../up:/up"]', ['bind:/srv/up'], '6:13'],
  ['volumes: ["./a/../../../etc/ssl:/up"]', ['bind:/etc/ssl'], '6:13'],
  ['volumes: ["/srv/manifests:/up"]', ['bind:/srv/manifests'], '6:13'],
  ['volumes: ["/etc/localtime:/etc/localtime"]', ['bind:/etc/localtime'], '6:13'],
  ['volumes:\n- {type: bind, source: /mnt/data, target: /d}', ['bind:/mnt/data'], '7:5'],
  ['volumes: ["/var/run/docker.sock:/s"]', ['socket'], '6:13'],
  ['volumes: ["/run/docker.sock:/s:ro"]', ['socket'], '6:13'],
  ['volumes: ["/run/user/1000/docker.sock:/s"]', ['socket'], '6:13'],
  ['volumes: ["./docker.sock:/s"]', ['socket'], '6:13'],
  ['volumes: ["/run:/run"]', ['bind:/run', 'socket'], '6:13'],
  ['volumes: ["/var/run/:/run"]', ['bind:/var/run', 'socket'], '6:13'],
  ['volumes: ["/:/host"]', ['bind:/', 'socket'], '6:13'],
  ['volumes: ["bound:/d"]', ['bind:/mnt/disk/data'], '6:13'],
  ['volumes: ["plain:/p", {type: volume, source: bound, target: /d}]', ['bind:/mnt/disk/data'], '6:25'],
  ['volumes: ["runs:/d"]', ['bind:/run', 'socket'], '6:13'],
  ['volumes: ["layers:/d"]', ['bind:/mnt/a', 'bind:/mnt/b'], '6:13'],
  ['volumes: ["kernel:/d"]', ['bind:/sys'], '6:13'],
  ['volumes: ["disk:/d"]', ['device:/dev/sdb1'], '6:13'],
  ['devices: ["/dev/ttyUSB0:/dev/tty:rw"]', ['device:/dev/ttyUSB0'], '6:13'],
  ['devices: [{source: /dev/bus/../dri}]', ['device:/dev/dri'], '6:13'],
  ['cap_add: [CHOWN, CAP_NET_ADMIN]', ['cap:NET_ADMIN'], '6:20'],
  ['cap_drop: [ALL]\ncap_add: [sys_time]', ['cap:SYS_TIME'], '7:13'],
  ['cap_add: [all]', ['cap:ALL'], '6:13'],
  ['security_opt: ["seccomp=unconfined"]', ['security-opt'], '6:18'],
  ['security_opt: ["no-new-privileges:true", "seccomp:unconfined"]', ['security-opt'], '6:44'],
  ['security_opt: ["apparmor=unconfined"]', ['security-opt'], '6:18'],
  ['security_opt: ["apparmor=mine"]', ['security-opt'], '6:18'],
  ['security_opt: ["label=disable"]', ['security-opt'], '6:18'],
  ['security_opt: ["label:type:spc_t"]', ['security-opt'], '6:18'],
  ['security_opt: ["systempaths=unconfined"]', ['security-opt'], '6:18'],
  ['security_opt: ["no-new-privileges=false"]', ['security-opt'], '6:18'],
  ['security_opt: ["writable-cgroups=true"]', ['security-opt'], '6:18'],
  ['sysctls: {net.core.somaxconn: 1024}', ['sysctl:net.core.somaxconn'], '6:13'],
  ['sysctls: ["kernel.shmmax=1"]', ['sysctl:kernel.shmmax'], '6:13'],
];

describe('9.3 what reaches beyond a container is denied', () => {
  test.each(ASKED)('%s', (spec, words, place) => {
    expect(needsOf(spec)).toBe(words.join(','));
    const told = problemsOf(textsOf(spec), allow());
    for (const line of told)
      expect(line).toMatch(/^m\/web\.yaml:\d+:\d+: error: spec\..* \[POLICY_DENIED\]$/);
    expect(told[0]).toContain(`m/web.yaml:${place}: `);
    for (const text of words) expect(told.join('\n')).toMatch(new RegExp(`give --allow ${text}(?:,| \\[)`));
  });

  test.each(ASKED)('and allowed by its words, by their kinds and by all: %s', (spec, words) => {
    const kinds = words.map((text) => text.split(':')[0] ?? '');
    for (const given of [words, kinds, ['all']]) expect(needsOf(spec, allow(...given))).toBe('');
    for (const text of words)
      expect(needsOf(spec, allow(...words.filter((each) => each !== text)))).toBe(text);
    const others = POLICY_KINDS.filter((kind) => !kinds.includes(kind));
    expect(needsOf(spec, allow(...others))).toBe(words.join(','));
  });

  test('every word is asked for by something', () => {
    const kinds = new Set(ASKED.flatMap(([, words]) => words.map((text) => word(text).kind as PolicyKind)));
    expect([...kinds].sort()).toEqual([...POLICY_KINDS].sort());
  });

  test.each([
    ['volumes: ["/etc/localtime:/etc/localtime:ro", "/etc/timezone:/etc/timezone:ro"]'],
    ['volumes: ["./data:/a", ".:/b", "/srv/m/x:/c", "./a/../b:/d"]'],
    ['volumes: ["plain:/a", "inside:/b", "nfs:/c", "odd:/o", "theirs:/d", /e]'],
    ['cap_drop: [ALL]\ncap_add: [CHOWN, NET_BIND_SERVICE]'],
    ['cap_drop: [NET_RAW]\ncap_add: [CAP_SETUID]'],
    ['security_opt: ["no-new-privileges:true"]'],
    ['security_opt: [no-new-privileges, "seccomp=builtin", "apparmor=docker-default"]'],
    ['network_mode: service:db'],
    ['network_mode: none'],
    ['ipc: private'],
    ['privileged: false'],
  ])('but not: %s', (spec) => {
    expect(needsOf(spec)).toBe('');
  });

  test('the sentence says what to give, and what else could be done', () => {
    expect(
      problemsOfSpec('privileged: true\nvolumes: ["/run:/run", "/etc/timezone:/t"]\ncap_add: [ALL]', allow()),
    ).toEqual([
      '6:3: error: spec.privileged: has all rights on the host — give --allow privileged [POLICY_DENIED]',
      '7:13: error: spec.volumes[0]: "/run" holds Docker\'s socket: whoever has it rules the host — give --allow socket [POLICY_DENIED]',
      '7:13: error: spec.volumes[0]: "/run" lies outside of the manifest directory — give --allow bind:/run, or put the file or folder below it, or use a named volume [POLICY_DENIED]',
      '7:26: error: spec.volumes[1]: "/etc/timezone" lies outside of the manifest directory — give --allow bind:/etc/timezone, or add :ro [POLICY_DENIED]',
      '8:13: error: spec.cap_add[0]: all capabilities are more than Docker gives to every container — give --allow cap:ALL [POLICY_DENIED]',
    ]);
    expect(problemsOf(textsOf('volumes: ["bound:/d"]'), allow())).toEqual([
      'm/web.yaml:6:13: error: spec.volumes[0]: the volume "bound" is /mnt/disk/data of the host, which lies outside of the manifest directory — give --allow bind:/mnt/disk/data [POLICY_DENIED]',
    ]);
  });

  test('container: is no network mode of this version, whatever is allowed', () => {
    expect(problemsOfSpec('network_mode: container:x', allow('all'))[0]).toContain('[UNSUPPORTED]');
  });
});

describe('9.3 a path is allowed with what lies below it', () => {
  const bind = (path: string, ...words: readonly string[]): string =>
    needsOf(`volumes: ["${path}:/x"]`, allow(...words));
  test.each([
    ['/mnt/data', 'bind:/mnt', ''],
    ['/mnt/data', 'bind:/mnt/', ''],
    ['/mnt/data', 'bind:/x/../mnt', ''],
    ['/mnt/data', 'bind:/', ''],
    ['/mnt/database', 'bind:/mnt/data', 'bind:/mnt/database'],
    ['/mnt/data/../other', 'bind:/mnt/data', 'bind:/mnt/other'],
    ['/mnt', 'bind:/mnt/data', 'bind:/mnt'],
    ['/var/run/docker.sock', 'bind:/', 'socket'],
    ['/', 'bind:/', 'socket'],
    ['/run', 'socket', 'bind:/run'],
  ])('%s with %s', (path, given, needs) => {
    expect(bind(path, given)).toBe(needs);
  });
  test('a device as well', () => {
    expect(needsOf('devices: ["/dev/snd/timer"]', allow('device:/dev/snd'))).toBe('');
    expect(needsOf('devices: ["/dev/sndx"]', allow('device:/dev/snd'))).toBe('device:/dev/sndx');
  });
  test('cap:ALL is every capability, another one is itself', () => {
    expect(needsOf('cap_add: [NET_ADMIN]', allow('cap:ALL'))).toBe('');
    expect(needsOf('cap_add: [ALL]', allow('cap:NET_ADMIN'))).toBe('cap:ALL');
  });
});

describe('9.3 in a container', () => {
  const hostPaths = [
    { inside: '/srv/m', outside: '/home/me/stacks' },
    { inside: '/mnt', outside: '/media' },
    { inside: '/var/run/docker.sock', outside: '/run/user/1000/docker.sock' },
    { inside: '/host', outside: '/' },
  ];
  test.each([
    ['volumes: ["./a:/a"]', ''],
    ['volumes: ["/mnt/data:/a"]', 'bind:/media/data'],
    ['volumes: ["/host/run:/a"]', 'bind:/run,socket'],
    ['volumes: ["/host/run/docker.sock:/a"]', 'socket'],
    ['volumes: ["/var/run/docker.sock:/a"]', 'socket'],
    ['volumes: ["inside:/a"]', 'bind:/srv/m/data'],
  ])('paths are those of the host: %s', (spec, needs) => {
    expect(needsOf(spec, { ...allow(), hostPaths })).toBe(needs);
  });
  test('a volume in the folder of the host that holds the manifests is inside', () => {
    const texts = {
      'web.yaml': service('web', 'image: tb\nvolumes: ["own:/d"]'),
      'own.yaml': volume('own', '{driver_opts: {o: bind, device: /home/me/stacks/data}}'),
    };
    expect(resolveTexts(texts, { ...allow(), hostPaths }).needs).toBeNull();
    expect(resolveTexts(texts, allow()).needs?.allow).toBe('bind:/home/me/stacks/data');
  });
});

describe('9.3 a service that is denied', () => {
  const texts = {
    'a.yaml': documents(
      service('a', 'image: tb\nvolumes: ["/mnt/b:/b", "/mnt/a/x:/a"]'),
      service('b', 'image: tb\nvolumes: ["/mnt/a:/a"]\ndevices: [/dev/ttyUSB0]'),
      service('c', 'image: tb\nvolumes: ["/run/docker.sock:/s"]\ndepends_on: [a]'),
      service('d', 'image: tb\ndepends_on: [a]'),
    ),
  };
  test('is rejected alone, and all needs are told as one list: in order, nothing twice, nothing below another', () => {
    const { services, rejected, needs } = resolveTexts(texts, allow());
    expect([...services.keys()]).toEqual(['d']);
    expect([...rejected.keys()]).toEqual(['a', 'b', 'c']);
    expect(needs).toEqual({ services: 3, allow: 'bind:/mnt/a,bind:/mnt/b,socket,device:/dev/ttyUSB0' });
  });
  test('what is allowed already is not in the list', () => {
    expect(resolveTexts(texts, allow('bind:/mnt/a', 'socket', 'privileged')).needs).toEqual({
      services: 2,
      allow: 'bind:/mnt/b,device:/dev/ttyUSB0',
    });
    expect(resolveTexts(texts, allow('bind', 'socket', 'device')).needs).toBeNull();
  });
  test('keeps its last good version, and is told all the same', () => {
    const resolve = (spec: string, versions: ReturnType<typeof resolveManifests>['good'] = new Map()) =>
      resolveManifests({
        ...{ ...OPTIONS, ...allow() },
        parsed: parseManifests(scanOf({ 'web.yaml': service('web', spec) })),
        lastGood: { versions, mustStay: new Map() },
      });
    const good = resolve('image: tb:1');
    const denied = resolve('image: tb:2\nprivileged: true', good.good);
    expect(denied.services.get(serviceName('web'))).toMatchObject({
      container: { image: 'tb:1' },
      staleBecause: expect.stringContaining('[POLICY_DENIED]'),
    });
    expect(denied.needs).toEqual({ services: 1, allow: 'privileged' });
  });
});

describe('9.3 a bind that goes through a symbolic link', () => {
  const links = [
    { path: '/srv/m/etc', real: '/etc' },
    { path: '/srv/m/gone', real: null },
    { path: '/srv/m/run', real: '/run' },
    { path: '/srv/m/two', real: '/mnt/two' },
    { path: '/mnt/two/three', real: '/media/three' },
    { path: '/srv/m/round', real: '/srv/m/round/round' },
  ];
  const needs = (source: string, options = {}): string | undefined =>
    resolveManifests({
      ...{ ...OPTIONS, ...allow(), ...options },
      parsed: parseManifests(
        scanOf({ 'web.yaml': service('web', `image: tb\nvolumes: ["${source}:/x"]`) }, {}, links),
      ),
    }).needs?.allow;
  test.each([
    ['./etc', 'bind:/etc'],
    ['./etc/ssl/certs', 'bind:/etc/ssl/certs'],
    ['./etcetera', undefined],
    ['./run', 'bind:/run,socket'],
    ['./run/docker.sock', 'socket'],
    ['./two/a', 'bind:/mnt/two/a'],
    ['./two/three/a', 'bind:/media/three/a'],
    ['./gone/a', 'bind:/srv/m/gone/a'],
    ['./round', 'bind:/srv/m/round'],
  ])('is a bind of what it leads to: %s', (source, words) => {
    expect(needs(source)).toBe(words);
  });
  test('a volume with o=bind as well', () => {
    const parsed = parseManifests(
      scanOf(
        {
          'web.yaml': service('web', 'image: tb\nvolumes: ["own:/x"]'),
          'own.yaml': volume('own', '{driver_opts: {o: bind, device: /srv/m/run}}'),
        },
        {},
        links,
      ),
    );
    expect(resolveManifests({ ...OPTIONS, ...allow(), parsed }).needs?.allow).toBe('bind:/run,socket');
  });
  test('a link that is turned outwards later is noticed, though no manifest changed', () => {
    const texts = { 'web.yaml': service('web', 'image: tb\nvolumes: ["./site:/x"]') };
    const options = { ...OPTIONS, ...allow(), allowEmpty: false };
    const before = takeIn(emptyIntake, scanOf(texts), { monotonicMs: 0 }, options);
    const turned = scanOf(texts, {}, [{ path: '/srv/m/site', real: '/etc' }]);
    const after = takeIn(before.intake, turned, { monotonicMs: 1 }, options);
    expect([before.desired.needs, after.changed, after.desired.needs]).toEqual([
      ...[null, true],
      { services: 1, allow: 'bind:/etc' },
    ]);
  });
  test('the path is that of the host', () => {
    const hostPaths = [
      { inside: '/srv', outside: '/home/me' },
      { inside: '/mnt', outside: '/media' },
    ];
    expect(needs('./two/a', { hostPaths })).toBe('bind:/media/two/a');
  });
});

test('9.3 a comma or backslash in a path has a backslash before it in the list', () => {
  expect(renderAllow([{ kind: 'bind', value: '/a,b\\c' }, word('socket')])).toBe('bind:/a\\,b\\\\c,socket');
});
