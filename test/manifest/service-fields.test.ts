/**
 * What each field of a service comes to.
 */
import { describe, expect, test } from 'vitest';
import { serviceName } from '../../src/model/ids.js';
import { documents, problemsOf, problemsOfSpec, resolveSpec, resolveTexts, service } from './texts.js';

const render = (value: unknown): string => JSON.stringify(value);

test('a service with an image alone gets every default', () => {
  const web = resolveSpec('');
  expect(web).toMatchObject({
    name: 'web',
    origin: { file: 'm/web.yaml', line: 1, column: 1 },
    stack: null,
    category: 'core',
    priority: 1,
    version: null,
    replicas: 1,
    maintenance: false,
    selfHeal: true,
    prune: true,
    dependsOn: [],
    updatePolicy: {
      parallelism: 1,
      delayMs: 0,
      monitorMs: 5000,
      maxFailureRatio: 0,
      failureAction: 'rollback',
      order: null,
    },
    pullPolicy: { kind: 'missing' },
    containerName: null,
    staleBecause: null,
  });
  expect(web.container).toEqual({
    image: 'tb',
    command: null,
    entrypoint: null,
    environment: {},
    labels: {},
    ports: [],
    mounts: [],
    networks: [{ network: 'alicia_bus_network', aliases: ['web'], ipv4Address: null, ipv6Address: null }],
    healthcheck: null,
    restart: { name: 'unless-stopped', maximumRetryCount: 0 },
    stopSignal: null,
    stopGraceMs: null,
  });
});

test('plain fields are taken over', () => {
  const web = resolveSpec(`description: the front
category: front
priority: -2
version: "1.10"
replicas: 3
maintenance: true
self_heal: false
prune: false
container_name: front
stop_signal: SIGINT
stop_grace_period: 1m30s`);
  expect(web).toMatchObject({
    description: 'the front',
    category: 'front',
    priority: -2,
    version: '1.10',
    replicas: 3,
    maintenance: true,
    selfHeal: false,
    prune: false,
    containerName: 'front',
    container: { stopSignal: 'SIGINT', stopGraceMs: 90_000 },
  });
});

describe('command and entrypoint', () => {
  const cases: readonly (readonly [string, readonly string[] | null])[] = [
    ['command: ["sleep", "10"]', ['sleep', '10']],
    [`command: sh -c 'echo "a b"' c\\ d "e\\"f"`, ['sh', '-c', 'echo "a b"', 'c d', 'e"f']],
    ['command: a=1&b=2;c', ['a=1&b=2;c']],
    ['command: []', []],
    ['command: ""', []],
    ['command:', null],
  ];
  test.each(cases)('%s', (spec, words) => {
    expect(resolveSpec(spec).container.command).toEqual(words);
    expect(resolveSpec(spec.replace('command', 'entrypoint')).container.entrypoint).toEqual(words);
  });
  test('a quote that is not closed is an error', () => {
    expect(problemsOfSpec('command: sh -c "echo')).toEqual([
      '6:3: error: spec.command: a quote is not closed — close it, or write a list of words [BAD_VALUE]',
    ]);
  });
  test('words that are not texts are errors', () => {
    expect(problemsOfSpec('command: [sleep, 10]')).toEqual([
      '6:20: error: spec.command[1]: expected a text, got the number 10 — put quotes around it: "10" [WRONG_TYPE]',
    ]);
  });
});

describe('ports', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['[80]', ['*→80/tcp']],
    ['["3000-3002"]', ['*→3000/tcp', '*→3001/tcp', '*→3002/tcp']],
    ['[8080:80]', ['8080→80/tcp']],
    ['["9090-9091:8080-8081"]', ['9090→8080/tcp', '9091→8081/tcp']],
    ['["9001-9003:9000"]', ['9001-9003→9000/tcp']],
    ['["127.0.0.1:8001:8001"]', ['127.0.0.1:8001→8001/tcp']],
    ['["127.0.0.1:5000-5001:5000-5001/udp"]', ['127.0.0.1:5000→5000/udp', '127.0.0.1:5001→5001/udp']],
    ['["127.0.0.1::5000"]', ['127.0.0.1:*→5000/tcp']],
    ['["[::1]:6000:6001"]', ['::1:6000→6001/tcp']],
    ['["6060:6060/UDP"]', ['6060→6060/udp']],
    ['["0:80"]', ['*→80/tcp']],
    ['[{target: 80, published: "8080", host_ip: 127.0.0.1, protocol: sctp}]', ['127.0.0.1:8080→80/sctp']],
    ['[{target: 80, published: 8080-8083}]', ['8080-8083→80/tcp']],
    ['[{target: 80, published: 8080}]', ['8080→80/tcp']],
    ['[{target: 80}]', ['*→80/tcp']],
    ['["8080:80", "8080:80"]', ['8080→80/tcp']],
  ];
  test.each(cases)('%s', (ports, lines) => {
    const printed = resolveSpec(`ports: ${ports}`).container.ports.map((port) => {
      const range = port.hostPorts;
      const host =
        range === null ? '*' : range.first === range.last ? range.first : `${range.first}-${range.last}`;
      return `${port.hostIp === '' ? '' : `${port.hostIp}:`}${host}→${port.containerPort}/${port.protocol}`;
    });
    expect(printed).toEqual(lines);
  });
  test.each([
    ['80-90:70-75', 'ranges of different size: "80-90:70-75" — give both the same number of ports'],
    [
      '70000',
      'not a port: "70000" — expected [[ip:]host:]container[/protocol] such as "8080:80" or "127.0.0.1:9001-9003:9000/tcp"; ports go from 1 to 65535',
    ],
    ['localhost:80:80', 'not an address: "localhost" — write the IP address of the host, e.g. 127.0.0.1'],
    ['80/http', 'not a protocol: "http" — expected tcp, udp or sctp'],
    ['1-5000', '5000 ports; at most 1000 can be published'],
  ])('%s is refused', (port, message) => {
    expect(problemsOfSpec(`ports: ["${port}"]`)).toEqual([
      `6:11: error: spec.ports[0]: ${message} [BAD_VALUE]`,
    ]);
  });
});

describe('volumes', () => {
  const data = { 'data.yaml': 'apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: data}\n' };
  const mountsOf = (volumes: string): readonly string[] =>
    resolveSpec(`volumes: ${volumes}`, {}, data).container.mounts.map((mount) => {
      const source = mount.kind === 'volume' ? `volume ${mount.volume}` : `bind ${mount.source}`;
      const create = mount.kind === 'bind' && mount.createSource ? ' create' : '';
      return `${source} at ${mount.target}${mount.readOnly ? ' ro' : ''}${create}`;
    });
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['["data:/data"]', ['volume alicia_data at /data']],
    ['["data:/data:ro"]', ['volume alicia_data at /data ro']],
    ['["data:/data/:rw"]', ['volume alicia_data at /data']],
    ['["./site/../site:/www:ro"]', ['bind /srv/m/site at /www ro create']],
    ['["/srv/m/x:/x"]', ['bind /srv/m/x at /x create']],
    ['["/etc/localtime:/etc/localtime:ro"]', ['bind /etc/localtime at /etc/localtime ro create']],
    ['[{type: volume, source: data, target: /data, read_only: true}]', ['volume alicia_data at /data ro']],
    ['[{type: bind, source: ./a, target: /a, bind: {create_host_path: false}}]', ['bind /srv/m/a at /a']],
    ['["data:/b", "./a:/a"]', ['bind /srv/m/a at /a create', 'volume alicia_data at /b']],
  ];
  test.each(cases)('%s', (volumes, lines) => {
    expect(mountsOf(volumes)).toEqual(lines);
  });
  test('the source of a bind is translated to the path on the host', () => {
    const hostPaths = [
      { inside: '/srv', outside: '/wrong' },
      { inside: '/srv/m/', outside: '/home/me/stacks' },
    ];
    const web = resolveSpec('volumes: ["./a:/a", ".:/all"]', { hostPaths });
    expect(web.container.mounts).toMatchObject([
      { source: '/home/me/stacks/a' },
      { source: '/home/me/stacks' },
    ]);
    expect(problemsOfSpec('volumes: ["./a:/a"]', { hostPaths: [] })).toEqual([
      `6:13: error: spec.volumes[0]: "./a" is in no folder of the host — mount the manifest directory into the controller's container with -v [BIND_OUTSIDE]`,
    ]);
  });
  test.each([
    [
      '/etc:/etc',
      'error: spec.volumes[0]: "/etc" lies outside of the manifest directory — put the file or folder below it, or use a named volume [BIND_OUTSIDE]',
    ],
    [
      '../x:/x',
      'error: spec.volumes[0]: "../x" lies outside of the manifest directory — put the file or folder below it, or use a named volume [BIND_OUTSIDE]',
    ],
    [
      '~/x:/x',
      'error: spec.volumes[0]: "~/x" lies outside of the manifest directory — put the file or folder below it, or use a named volume [BIND_OUTSIDE]',
    ],
    [
      '/etc/timezone:/etc/timezone',
      'error: spec.volumes[0]: "/etc/timezone" may only be read — add :ro [BIND_OUTSIDE]',
    ],
    [
      '/data',
      'error: spec.volumes[0]: a volume without a name ("/data") is not supported by this version yet — name it: data:/data [UNSUPPORTED]',
    ],
    [
      'data:/data:z',
      'error: spec.volumes[0]: the mount option "z" is not supported by this version yet — remove it [UNSUPPORTED]',
    ],
    [
      'data:data',
      'error: spec.volumes[0]: the target "data" is not absolute — it must begin with / [BAD_VALUE]',
    ],
    [
      'a/b:/data',
      'error: spec.volumes[0]: not the name of a volume: "a/b" — for a path write ./a/b [BAD_VALUE]',
    ],
    [
      'a:/b:ro:c',
      'error: spec.volumes[0]: not a mount: "a:/b:ro:c" — expected source:target or source:target:ro [BAD_VALUE]',
    ],
    [
      'dota:/data',
      'error: spec.volumes[0]: no volume "dota" is declared — did you mean "data"? [UNKNOWN_VOLUME]',
    ],
  ])('%s is refused', (volume, message) => {
    expect(problemsOf({ 'web.yaml': service('web', `image: tb\nvolumes: ["${volume}"]`), ...data })).toEqual([
      `m/web.yaml:6:13: ${message}`,
    ]);
  });
  test('tmpfs, a volume without a source, and two mounts of one target are refused', () => {
    expect(
      problemsOfSpec(
        'volumes:\n- {type: tmpfs, target: /t}\n- {type: volume, target: /t}\n- {type: bind, target: /t}\n- ./a:/a\n- ./b:/a',
      ),
    ).toEqual([
      '7:6: error: spec.volumes[0].type: type "tmpfs" is not supported by this version yet — use volume or bind [UNSUPPORTED]',
      '8:5: error: spec.volumes[1]: a volume without a source is not supported by this version yet — name it [UNSUPPORTED]',
      '9:5: error: spec.volumes[2]: missing field "source" [MISSING_FIELD]',
      '11:5: error: spec.volumes[4]: something else is mounted at "/a" already [BAD_VALUE]',
    ]);
  });
});

describe('networks', () => {
  const others = {
    'networks.yaml': documents(
      'apiVersion: alicia/v1\nkind: Network\nmetadata: {name: front}\n',
      'apiVersion: alicia/v1\nkind: Network\nmetadata: {name: back}\nspec: {name: shared-back}\n',
    ),
  };
  const networksOf = (spec: string): string =>
    render(
      resolveSpec(spec, {}, others).container.networks.map((network) =>
        [network.network, ...network.aliases, network.ipv4Address, network.ipv6Address]
          .filter((part) => part !== null)
          .join(' '),
      ),
    );
  test.each([
    ['networks: [front, back]', '["shared-back web","alicia_front web"]'],
    ['networks: {front: {priority: 5}, back: }', '["alicia_front web","shared-back web"]'],
    [
      'networks: {front: {aliases: [www, a], ipv4_address: 172.20.0.9, ipv6_address: "2001:db8::9"}}',
      '["alicia_front a web www 172.20.0.9 2001:db8::9"]',
    ],
    ['networks: [alicia_bus_network, front]', '["alicia_bus_network web","alicia_front web"]'],
    ['networks: []', '["alicia_bus_network web"]'],
  ])('%s', (spec, line) => {
    expect(networksOf(spec)).toBe(line);
  });
  test('what is declared nowhere, and what is no address, is refused', () => {
    expect(problemsOfSpec('networks: [fornt, x]')).toEqual([
      '6:14: error: spec.networks[0]: no network "fornt" is declared — declare it: kind: Network, metadata: {name: fornt} [UNKNOWN_NETWORK]',
      '6:21: error: spec.networks[1]: no network "x" is declared — declare it: kind: Network, metadata: {name: x} [UNKNOWN_NETWORK]',
    ]);
    expect(problemsOfSpec('networks: {alicia_bus_network: {ipv4_address: 1.2.3.400}}')).toEqual([
      '6:35: error: spec.networks.alicia_bus_network.ipv4_address: not an address: "1.2.3.400" [BAD_VALUE]',
    ]);
  });
  test('the shared network exists when somebody uses it, by the name of the option', () => {
    const used = resolveTexts({ 'web.yaml': service('web') }, { networkName: 'bus' });
    expect([...used.networks.values()]).toMatchObject([{ name: 'bus', driver: 'bridge', external: false }]);
    expect(
      resolveTexts({ 'web.yaml': service('web', 'image: tb\nnetworks: [front]'), ...others }).networks,
    ).toSatisfy(
      (networks: ReadonlyMap<string, unknown>) =>
        render([...networks.keys()]) === '["alicia_front","shared-back"]',
    );
  });
});

describe('healthcheck', () => {
  const none = {
    intervalMs: null,
    timeoutMs: null,
    retries: null,
    startPeriodMs: null,
    startIntervalMs: null,
  };
  test.each([
    ['{test: ["CMD", "/bin/true"]}', { kind: 'test', ...none, test: ['CMD', '/bin/true'] }],
    ['{test: wget -q localhost}', { kind: 'test', ...none, test: ['CMD-SHELL', 'wget -q localhost'] }],
    ['{test: ["CMD-SHELL", "a | b"]}', { kind: 'test', ...none, test: ['CMD-SHELL', 'a | b'] }],
    ['{test: ["NONE"]}', { kind: 'disabled' }],
    ['{test: NONE}', { kind: 'disabled' }],
    ['{disable: true, test: x}', { kind: 'disabled' }],
    ['{}', { kind: 'test', ...none, test: null }],
    ['', null],
    [
      '{interval: 1m30s, timeout: 500ms, retries: 5, start_period: 1.5s, start_interval: 2s}',
      {
        kind: 'test',
        test: null,
        intervalMs: 90_000,
        timeoutMs: 500,
        retries: 5,
        startPeriodMs: 1500,
        startIntervalMs: 2000,
      },
    ],
  ])('%s', (check, expected) => {
    expect(resolveSpec(`healthcheck: ${check}`).container.healthcheck).toEqual(expected);
  });
  test('a test without its first word, and an interval without its unit, are refused', () => {
    expect(problemsOfSpec('healthcheck: {test: [curl, localhost]}')).toEqual([
      '6:17: error: spec.healthcheck.test: expected ["CMD", program, …], ["CMD-SHELL", line] or ["NONE"], got "["curl","localhost"]" [BAD_VALUE]',
    ]);
    expect(problemsOfSpec('healthcheck: {interval: 5, timeout: 5 s}')).toEqual([
      '6:17: error: spec.healthcheck.interval: expected a text, got the number 5 — write a text such as "5s" or "1m30s" [WRONG_TYPE]',
      '6:30: error: spec.healthcheck.timeout: not a valid value: "5 s" — write something such as "5s" or "1m30s" [BAD_VALUE]',
    ]);
    expect(problemsOfSpec('healthcheck: {interval: 9999999999h}')).toEqual([
      '6:17: error: spec.healthcheck.interval: not a duration: "9999999999h" — at most ten years, such as "5s" [BAD_VALUE]',
    ]);
  });
});

describe('restart', () => {
  test.each([
    ['restart: no', 'no 0'],
    ['restart: "no"', 'no 0'],
    ['restart: always', 'always 0'],
    ['restart: unless-stopped', 'unless-stopped 0'],
    ['restart: on-failure', 'on-failure 0'],
    ['restart: on-failure:3', 'on-failure 3'],
    ['restart_policy: always', 'always 0'],
    ['restart: always\nrestart_policy: always', 'always 0'],
    ['', 'unless-stopped 0'],
  ])('%s', (spec, printed) => {
    const { restart } = resolveSpec(spec).container;
    expect(`${restart.name} ${restart.maximumRetryCount}`).toBe(printed);
  });
  test('both names with different values are refused, and a boolean says what to write', () => {
    expect(problemsOfSpec('restart: always\nrestart_policy: on-failure')).toEqual([
      '7:3: error: spec.restart_policy: says another thing than restart — keep one of them [BAD_VALUE]',
    ]);
    expect(problemsOfSpec('restart: false')).toEqual([
      '6:3: error: spec.restart: expected a text, got the boolean false — write a text such as "unless-stopped" or "on-failure:3" or "no" [WRONG_TYPE]',
    ]);
  });
  test('a service whose completion another one waits for runs once, unless it says otherwise', () => {
    const texts = {
      'a.yaml': documents(
        service('migrate'),
        service('daemon', 'image: tb\nrestart: on-failure'),
        service(
          'web',
          'image: tb\ndepends_on: {migrate: {condition: service_completed_successfully}, daemon: {condition: service_completed_successfully}}',
        ),
      ),
    };
    const { services } = resolveTexts(texts);
    expect(services.get(serviceName('migrate'))?.container.restart.name).toBe('no');
    expect(services.get(serviceName('daemon'))?.container.restart.name).toBe('on-failure');
  });
  test('a one-shot stays one while the manifest that waits for it is in error', () => {
    const waiting = service(
      'web',
      'image: tb\ndepends_on: {migrate: {condition: service_completed_successfully}}',
    );
    for (const broken of [waiting.replace('image', 'imagee'), `${waiting}\n  a: [`]) {
      const { services } = resolveTexts({ 'a.yaml': service('migrate'), 'b.yaml': broken });
      expect(services.get(serviceName('migrate'))?.container.restart.name).toBe('no');
    }
  });
});

describe('pull_policy', () => {
  test.each([
    ['always', { kind: 'always' }],
    ['never', { kind: 'never' }],
    ['missing', { kind: 'missing' }],
    ['if_not_present', { kind: 'missing' }],
    ['daily', { kind: 'every', periodMs: 86_400_000 }],
    ['weekly', { kind: 'every', periodMs: 604_800_000 }],
    ['every_12h', { kind: 'every', periodMs: 43_200_000 }],
    ['every_1d12h', { kind: 'every', periodMs: 129_600_000 }],
  ])('%s', (text, policy) => {
    expect(resolveSpec(`pull_policy: ${text}`).pullPolicy).toEqual(policy);
  });
  test('build and an empty period are refused', () => {
    expect(problemsOfSpec('pull_policy: build')).toEqual([
      '6:3: error: spec.pull_policy: "build" is not supported by this version yet — build the image, then name it [UNSUPPORTED]',
    ]);
    expect(problemsOfSpec('pull_policy: every_0s')).toEqual([
      '6:3: error: spec.pull_policy: not a period: "every_0s" — such as "every_12h" [BAD_VALUE]',
    ]);
  });
});

describe('deploy', () => {
  test('the update policy is read', () => {
    const spec =
      'deploy: {update_config: {parallelism: 0, delay: 2s, monitor: 10s, max_failure_ratio: 0.5, failure_action: pause, order: stop-first}}';
    expect(resolveSpec(spec).updatePolicy).toEqual({
      parallelism: 0,
      delayMs: 2000,
      monitorMs: 10_000,
      maxFailureRatio: 0.5,
      failureAction: 'pause',
      order: 'stop-first',
    });
  });
  test('deploy.replicas is another place for replicas, but not for another number', () => {
    expect(resolveSpec('deploy: {replicas: 3}').replicas).toBe(3);
    expect(resolveSpec('replicas: 3\ndeploy: {replicas: 3}').replicas).toBe(3);
    expect(problemsOfSpec('replicas: 2\ndeploy: {replicas: 3}')).toEqual([
      '7:12: error: spec.deploy.replicas: 3, but spec.replicas is 2 — keep one of them [BAD_VALUE]',
    ]);
  });
  test('a declared start-first that cannot work is an error', () => {
    const order = 'deploy: {update_config: {order: start-first}}';
    const reasons = [
      'ports: ["80:80"]',
      'ports: ["80-81:80"]\nreplicas: 2',
      'container_name: web',
      'networks: {alicia_bus_network: {ipv4_address: 10.0.0.9}}',
    ];
    expect(reasons.flatMap((reason) => problemsOfSpec(`${order}\n${reason}`))).toEqual(
      ['a fixed host port', 'fewer than 3 host ports', 'a literal container_name', 'a fixed address'].map(
        (reason) =>
          `6:28: error: spec.deploy.update_config.order: start-first cannot work with ${reason} — use stop-first [BAD_VALUE]`,
      ),
    );
    expect(problemsOfSpec(`${order}\nports: ["80-82:80"]\nreplicas: 2\ncontainer_name: web`)).toEqual([]);
  });
});

test('labels of metadata and spec are merged, those of spec win, ours are refused', () => {
  const text = `apiVersion: alicia/v1
kind: Service
metadata: {name: web, labels: {team: voice, tier: 1}}
spec: {image: tb, labels: [tier=2, empty]}
`;
  const web = resolveTexts({ 'web.yaml': text }).services.get(serviceName('web'));
  expect(render(web?.container.labels)).toBe('{"empty":"","team":"voice","tier":"2"}');
  expect(problemsOfSpec('labels: {io.alicia.slot: "1"}')).toEqual([
    '6:12: error: spec.labels.io.alicia.slot: labels that begin with io.alicia. are set by us — remove "io.alicia.slot" [BAD_VALUE]',
  ]);
});

test('container_name must be a name of Docker and bear no suffix of ours', () => {
  expect(
    ['x', '-ab', 'web-old', 'web-failed', 'web-stuck-0a1b'].flatMap((name) =>
      problemsOfSpec(`container_name: ${name}`),
    ),
  ).toEqual([
    '6:3: error: spec.container_name: not a valid value: "x" — write something such as "mosquitto" [BAD_VALUE]',
    '6:3: error: spec.container_name: not a valid value: "-ab" — write something such as "mosquitto" [BAD_VALUE]',
    ...['web-old', 'web-failed', 'web-stuck-0a1b'].map(
      (name) =>
        `6:3: error: spec.container_name: "${name}" ends in a suffix that marks replaced containers (-old, -failed, -stuck-…) — choose another name [BAD_VALUE]`,
    ),
  ]);
});

test('an image must be a name that Docker takes', () => {
  const images = [
    'redis',
    'redis:7.4',
    'ghcr.io/o/n:1',
    'localhost:5000/a/b',
    `a@sha256:${'0'.repeat(64)}`,
    'a__b/c-d',
  ];
  for (const image of images) expect(problemsOf({ 'w.yaml': service('w', `image: ${image}`) })).toEqual([]);
  expect(problemsOf({ 'w.yaml': service('w', 'image: Redis 7') })).toEqual([
    'm/w.yaml:5:3: error: spec.image: not the name of an image: "Redis 7" — expected name:tag in small letters, e.g. "redis:7.4" [BAD_VALUE]',
  ]);
});
