/**
 * What manifests say of each other: dependencies, cycles, names, ports, networks, volumes.
 */
import { describe, expect, test } from 'vitest';
import { serviceName } from '../../src/model/ids.js';
import { documents, problemsOf, resolveSpec, resolveTexts, service } from './texts.js';

const namesOf = (text: string): readonly string[] => [...resolveTexts({ 'a.yaml': text }).services.keys()];
const on = (name: string, ...others: readonly string[]): string =>
  service(name, `image: tb\ndepends_on: [${others.join(', ')}]`);

describe('depends_on', () => {
  test('list form, map form and optional_deps, sorted by name', () => {
    const others = { 'o.yaml': documents(service('a'), service('b'), service('c')) };
    const printed = (spec: string): readonly string[] =>
      resolveSpec(spec, {}, others).dependsOn.map(
        ({ service: name, condition, required, restart }) =>
          `${name} ${condition}${required ? '' : ' optional'}${restart ? ' restart' : ''}`,
      );
    expect(printed('depends_on: [b, a]')).toEqual(['a service_started', 'b service_started']);
    expect(
      printed(
        'depends_on:\n  c: {condition: service_completed_successfully}\n  b: {condition: service_started, restart: true}\n  a: {required: false}',
      ),
    ).toEqual([
      'a service_started optional',
      'b service_started restart',
      'c service_completed_successfully',
    ]);
    expect(printed('depends_on: [c]\noptional_deps: [a]')).toEqual([
      'a service_started optional',
      'c service_started',
    ]);
  });
  test('2.1 one that is unknown rejects the service when it is required, and is a warning when it is not', () => {
    const text = documents(
      on('web', 'cahce'),
      service('cache'),
      service('opt', 'image: tb\noptional_deps: [ghost]'),
    );
    expect(problemsOf({ 'a.yaml': text })).toEqual([
      'm/a.yaml:6:16: error: spec.depends_on[0]: no service "cahce" is declared — did you mean "cache"? [UNKNOWN_DEPENDENCY]',
      'm/a.yaml:19:19: warning: spec.optional_deps[0]: no service "ghost" is declared — declare it, or remove this [UNKNOWN_DEPENDENCY]',
    ]);
    expect(namesOf(text)).toEqual(['cache', 'opt']);
  });
  test('one that is in error is not unknown: its dependents go on', () => {
    const text = documents(on('web', 'cache'), service('cache', 'imagee: tb'), on('far', 'web'));
    expect(namesOf(text)).toEqual(['far', 'web']);
    expect([...resolveTexts({ 'a.yaml': text }).rejected]).toEqual([
      ['cache', 'm/a.yaml:12:3: error: spec: unknown field "imagee" — did you mean "image"? [UNKNOWN_FIELD]'],
    ]);
  });
  test('named in both ways is an error', () => {
    expect(
      problemsOf({
        'a.yaml': documents(service('a'), service('b', 'image: tb\ndepends_on: [a]\noptional_deps: [a]')),
      }),
    ).toEqual([
      'm/a.yaml:13:19: error: spec.optional_deps[0]: "a" is in depends_on already — keep one [BAD_VALUE]',
    ]);
  });
  test('2.3 service_healthy on a service without a declared check is a warning, unless {} says that the image has one', () => {
    const web = service('web', 'image: tb\ndepends_on: {db: {condition: service_healthy}}');
    const warning = (reason: string): readonly string[] => [
      `m/a.yaml:6:16: warning: spec.depends_on.db: service_healthy, but "db" ${reason} — add one, or write healthcheck: {} if its image brings one [NO_HEALTHCHECK]`,
    ];
    const problems = (spec: string): readonly string[] =>
      problemsOf({ 'a.yaml': documents(web, service('db', `image: tb\n${spec}`)) });
    expect(problems('')).toEqual(warning('declares no healthcheck'));
    expect(problems('healthcheck: {disable: true}')).toEqual(warning('disables its healthcheck'));
    expect(problems('healthcheck: {}')).toEqual([]);
    expect(problems('healthcheck: {test: [CMD, a]}')).toEqual([]);
  });
});

describe('2.1 cycles', () => {
  test('are told with their path, reject their services, and leave the others alone', () => {
    const text = documents(on('a', 'b'), on('b', 'c'), on('c', 'a'), on('behind', 'a'), service('free'));
    const told =
      'services wait for each other: a → b → c → a — remove one of these dependencies [DEPENDENCY_CYCLE]';
    expect(problemsOf({ 'a.yaml': text })).toEqual([
      `m/a.yaml:6:16: error: spec.depends_on[0]: ${told}`,
      `m/a.yaml:13:16: error: spec.depends_on[0]: ${told}`,
      `m/a.yaml:20:16: error: spec.depends_on[0]: ${told}`,
    ]);
    expect(namesOf(text)).toEqual(['behind', 'free']);
  });
  test('a service that waits for itself is one', () => {
    expect(problemsOf({ 'a.yaml': on('a', 'a') })).toEqual([
      'm/a.yaml:6:16: error: spec.depends_on[0]: services wait for each other: a → a — remove one of these dependencies [DEPENDENCY_CYCLE]',
    ]);
  });
  test('two that share a service are both found', () => {
    expect(namesOf(documents(on('a', 'b', 'c'), on('b', 'a'), on('c', 'a'), service('d')))).toEqual(['d']);
    expect(namesOf(documents(on('a', 'b'), on('b', 'a'), on('c', 'd'), on('d', 'c')))).toEqual([]);
  });
});

describe('names', () => {
  test('7.4 the same name twice rejects both', () => {
    const texts = { 'a.yaml': service('web'), 'b.yaml': documents(service('db'), service('web')) };
    expect(problemsOf(texts)).toEqual([
      'm/a.yaml:3:12: error: metadata.name: "web" is also declared at m/b.yaml:9 — rename or remove one [DUPLICATE_NAME]',
      'm/b.yaml:9:12: error: metadata.name: "web" is also declared at m/a.yaml:3 — rename or remove one [DUPLICATE_NAME]',
    ]);
    const resolution = resolveTexts(texts);
    expect([...resolution.services.keys()]).toEqual(['db']);
    expect([...resolution.rejected.keys()]).toEqual(['web']);
  });
  test('a network and a service may share a name', () => {
    const text = documents(service('web'), 'apiVersion: alicia/v1\nkind: Network\nmetadata: {name: web}\n');
    expect(problemsOf({ 'a.yaml': text })).toEqual([]);
  });
});

describe('host ports', () => {
  const publishing = (name: string, ...lines: readonly string[]): string =>
    service(name, ['image: tb', ...lines].join('\n'));
  test('two services cannot publish the same one: the first by name keeps it', () => {
    const text = documents(
      publishing('b', 'ports: ["8080:80"]'),
      publishing('a', 'ports: ["127.0.0.1:8080:80"]'),
    );
    expect(problemsOf({ 'a.yaml': text })).toEqual([
      'm/a.yaml:6:11: error: spec.ports[0]: the host port 8080/tcp is published by a already — choose another one [PORT_CLASH]',
    ]);
    expect(namesOf(text)).toEqual(['a']);
  });
  test('other addresses, other protocols, ranges and nothing to run are no clash', () => {
    const text = documents(
      publishing('a', 'ports: ["127.0.0.1:53:53", "127.0.0.1:53:53/udp", "[::1]:53:53"]'),
      publishing('b', 'ports: ["127.0.0.2:53:53"]'),
      publishing('c', 'ports: ["50-60:53"]'),
      publishing('d', 'ports: ["53:53"]', 'replicas: 0'),
      publishing('e', 'ports: ["0.0.0.0:54:53", "[::]:54:53"]'),
    );
    expect(problemsOf({ 'a.yaml': text })).toEqual([]);
  });
  test('one service cannot publish one twice, nor share a fixed one, a small range or an address among replicas', () => {
    const problems = (...lines: readonly string[]): readonly string[] =>
      problemsOf({ 'a.yaml': publishing('a', ...lines) });
    expect(problems('ports: ["80:80", "80:81"]')).toEqual([
      'm/a.yaml:6:20: error: spec.ports[1]: the host port 80 is published twice — remove one of them [PORT_CLASH]',
    ]);
    expect(problems('ports: ["80:80"]', 'replicas: 2')).toEqual([
      'm/a.yaml:6:11: error: spec.ports[0]: 2 replicas cannot share the host port 80 — give at least 2 ports, such as 80-81, or no host port [PORT_CLASH]',
    ]);
    expect(problems('ports: ["80-81:80"]', 'replicas: 3')).toEqual([
      'm/a.yaml:6:11: error: spec.ports[0]: a range of 2 host ports is too small for 3 replicas — give at least 3 ports, such as 80-82, or no host port [PORT_CLASH]',
    ]);
    expect(problems('networks: {alicia_bus_network: {ipv4_address: 10.0.0.9}}', 'replicas: 2')).toEqual([
      'm/a.yaml:6:3: error: spec.networks: 2 replicas cannot share a fixed address — remove it or set replicas: 1 [BAD_VALUE]',
    ]);
    expect(problems('ports: ["80-82:80", "90"]', 'replicas: 3')).toEqual([]);
  });
});

describe('networks and volumes', () => {
  const object = (kind: string, name: string, spec = '{}'): string =>
    `apiVersion: alicia/v1\nkind: ${kind}\nmetadata: {name: ${name}, labels: {a: "1", b: "1"}}\nspec: ${spec}\n`;
  test('are named on Docker by project and name, by name:, or by themselves when external', () => {
    const { networks, volumes } = resolveTexts(
      {
        'a.yaml': documents(
          object('Network', 'n1'),
          object('Network', 'n2', '{name: literal}'),
          'apiVersion: alicia/v1\nkind: Network\nmetadata: {name: n3}\nspec: {external: true}\n',
          object('Network', 'bus', '{internal: true}'),
          object('Volume', 'v1'),
          'apiVersion: alicia/v1\nkind: Volume\nmetadata: {name: v2}\nspec: {external: true, name: theirs}\n',
        ),
      },
      { project: 'lab', networkName: 'bus' },
    );
    expect([...networks.keys()]).toEqual(['bus', 'lab_n1', 'literal', 'n3']);
    expect([...volumes.keys()]).toEqual(['lab_v1', 'theirs']);
    expect(networks.get('n3')?.external).toBe(true);
    expect(networks.get('bus')?.internal).toBe(true);
  });
  test('every field is taken over', () => {
    const { networks, volumes } = resolveTexts({
      'a.yaml': documents(
        object(
          'Network',
          'n',
          '{driver: macvlan, driver_opts: {parent: eth0, mtu: 1500}, internal: true, attachable: true, enable_ipv6: true, labels: [b=2], ipam: {config: [{subnet: 172.28.0.0/16, gateway: 172.28.5.254, ip_range: 172.28.5.0/24}]}}',
        ),
        object('Volume', 'v', '{driver: nfs, driver_opts: {o: "addr=1"}, labels: {b: 2}}'),
      ),
    });
    expect(networks.get('alicia_n')).toMatchObject({
      driver: 'macvlan',
      driverOptions: { mtu: '1500', parent: 'eth0' },
      internal: true,
      attachable: true,
      enableIpv6: true,
      labels: { a: '1', b: '2' },
      ipam: [{ subnet: '172.28.0.0/16', gateway: '172.28.5.254', ipRange: '172.28.5.0/24' }],
    });
    expect(volumes.get('alicia_v')).toMatchObject({
      driver: 'nfs',
      driverOptions: { o: 'addr=1' },
      labels: { a: '1', b: '2' },
    });
  });
  test('what they may not say is refused', () => {
    const problems = (kind: string, spec: string): readonly string[] =>
      problemsOf({
        'a.yaml': `apiVersion: alicia/v1\nkind: ${kind}\nmetadata: {name: x}\nspec: ${spec}\n`,
      }).map((line) => line.replace('m/a.yaml:', ''));
    expect(problems('Network', '{external: true, driver: bridge}')).toEqual([
      '4:24: error: spec.driver: cannot be given with external: true — someone else makes it; remove one of them [BAD_VALUE]',
    ]);
    expect(problems('Network', '{ipam: {driver: x, config: [{gateway: 1.2.3.4}]}, drivr: x}')).toEqual([
      '4:15: error: spec.ipam: field "driver" is not supported by this version yet — remove it [UNSUPPORTED]',
      '4:35: error: spec.ipam.config[0]: missing field "subnet" [MISSING_FIELD]',
      '4:57: error: spec: unknown field "drivr" — did you mean "driver"? [UNKNOWN_FIELD]',
    ]);
    expect(problems('Volume', '{name: a/b}')).toEqual([
      '4:8: error: spec.name: not a valid value: "a/b" — write something such as "shared" [BAD_VALUE]',
    ]);
  });
  test('two of one name on Docker are both rejected, and whoever uses one of them', () => {
    const texts = {
      'a.yaml': documents(
        object('Network', 'x', '{name: same}'),
        object('Network', 'y', '{name: same}'),
        service('web', 'image: tb\nnetworks: [x]'),
      ),
    };
    expect(problemsOf(texts)).toEqual([
      'm/a.yaml:4:8: error: spec.name: network same on Docker is also declared by Network/y — give one of them another name [DUPLICATE_NAME]',
      'm/a.yaml:9:8: error: spec.name: network same on Docker is also declared by Network/x — give one of them another name [DUPLICATE_NAME]',
      'm/a.yaml:16:14: error: spec.networks[0]: the network "x" is declared by a manifest in error — mend that [UNKNOWN_NETWORK]',
    ]);
    expect([...resolveTexts(texts).rejected.keys()]).toEqual([serviceName('web')]);
  });
});
