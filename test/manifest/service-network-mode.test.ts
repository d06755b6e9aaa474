/**
 * Where the network of a container comes from.
 */
import { describe, expect, test } from 'vitest';
import { documents, problemsOf, problemsOfSpec, resolveSpec, resolveTexts, service } from './texts.js';

const VPN = { 'vpn.yaml': service('vpn') };
const dependenciesOf = (spec: string): readonly string[] =>
  resolveSpec(spec, {}, VPN).dependsOn.map(
    ({ service: name, condition, required, restart }) =>
      `${name} ${condition}${required ? '' : ' optional'}${restart ? ' restart' : ''}`,
  );

describe('network_mode', () => {
  test.each([
    ['bridge', { kind: 'bridge' }],
    ['host', { kind: 'host' }],
    ['none', { kind: 'none' }],
    ['service:vpn', { kind: 'service', service: 'vpn' }],
  ])('%s: no networks are joined', (mode, expected) => {
    const { container } = resolveSpec(`network_mode: ${mode}`, {}, VPN);
    expect(container.networkMode).toEqual(expected);
    expect(container.networks).toEqual([]);
  });
  test('without it the networks are joined, and the shared one is not made for those that do not', () => {
    expect(resolveSpec('').container.networkMode).toEqual({ kind: 'networks' });
    const { networks } = resolveTexts({ 'a.yaml': service('a', 'image: tb\nnetwork_mode: host') });
    expect([...networks.keys()]).toEqual([]);
  });
  test.each([
    [
      'container:abc',
      '"container:abc" is not supported by this version yet — declare that container as a service, and name it: service:<name> [UNSUPPORTED]',
    ],
    ['hots', 'expected bridge, host, none or service:<name>, got "hots" — did you mean "host"? [BAD_VALUE]'],
    [
      'front',
      'expected bridge, host, none or service:<name>, got "front" — a network of a manifest is named in networks [BAD_VALUE]',
    ],
    [
      '"service:"',
      'expected bridge, host, none or service:<name>, got "service:" — a network of a manifest is named in networks [BAD_VALUE]',
    ],
  ])('%s is refused', (mode, message) => {
    expect(problemsOfSpec(`network_mode: ${mode}`)).toEqual([`6:3: error: spec.network_mode: ${message}`]);
  });
  test('beside networks, or ports that nobody could reach, is an error that says what to do', () => {
    const problems = (...lines: readonly string[]): readonly string[] =>
      problemsOf({ 'web.yaml': service('web', ['image: tb', ...lines].join('\n')), ...VPN });
    expect(problems('network_mode: bridge', 'networks: [alicia_bus_network]')).toEqual([
      'm/web.yaml:6:3: error: spec.network_mode: cannot be given with networks — remove one of them [BAD_VALUE]',
    ]);
    expect(problems('network_mode: bridge', 'networks: []', 'ports: ["80:80"]')).toEqual([]);
    expect(
      ['host', 'none', 'service:vpn'].flatMap((mode) => problems(`network_mode: ${mode}`, 'ports: [80]')),
    ).toEqual([
      'm/web.yaml:7:3: error: spec.ports: cannot be published with network_mode host — remove them: what the container listens on is open on the host [BAD_VALUE]',
      'm/web.yaml:7:3: error: spec.ports: cannot be published with network_mode none — remove them, or remove network_mode [BAD_VALUE]',
      'm/web.yaml:7:3: error: spec.ports: cannot be published with network_mode service:vpn — publish them in "vpn" [BAD_VALUE]',
    ]);
  });
});

describe('2.4 network_mode: service:x forces a dependency that restarts', () => {
  test('added as required and started when it is not declared', () => {
    expect(dependenciesOf('network_mode: service:vpn')).toEqual(['vpn service_started restart']);
    expect(dependenciesOf('network_mode: service:vpn\noptional_deps: [a]')).toEqual([
      'a service_started optional',
      'vpn service_started restart',
    ]);
  });
  test('with its own condition when it is declared', () => {
    expect(dependenciesOf('network_mode: service:vpn\ndepends_on: [vpn]')).toEqual([
      'vpn service_started restart',
    ]);
    expect(
      dependenciesOf(
        'network_mode: service:vpn\ndepends_on: {vpn: {condition: service_healthy, restart: false}}',
      ),
    ).toEqual(['vpn service_healthy restart']);
  });
  test('that is neither optional nor over', () => {
    const problems = (lines: string): readonly string[] =>
      problemsOf({ 'web.yaml': service('web', `image: tb\nnetwork_mode: service:vpn\n${lines}`), ...VPN });
    const optional =
      'cannot be optional: network_mode takes the network of "vpn" — remove required: false [BAD_VALUE]';
    expect(problems('depends_on: {vpn: {required: false}}')).toEqual([
      `m/web.yaml:7:16: error: spec.depends_on.vpn: ${optional}`,
    ]);
    expect(problems('optional_deps: [vpn]')).toEqual([
      `m/web.yaml:7:19: error: spec.optional_deps[0]: ${optional}`,
    ]);
    expect(problems('depends_on: {vpn: {condition: service_completed_successfully}}')).toEqual([
      'm/web.yaml:7:16: error: spec.depends_on.vpn: network_mode takes the network of "vpn", which has none once it is complete [BAD_VALUE]',
    ]);
  });
  test('whose name must be known', () => {
    expect(
      problemsOf({ 'web.yaml': service('web', 'image: tb\nnetwork_mode: service:vnp'), ...VPN }),
    ).toEqual([
      'm/web.yaml:6:3: error: spec.network_mode: no service "vnp" is declared — did you mean "vpn"? [UNKNOWN_DEPENDENCY]',
    ]);
  });
  test('and through which cycles are found', () => {
    const text = documents(
      service('a', 'image: tb\nnetwork_mode: service:b'),
      service('b', 'image: tb\ndepends_on: [a]'),
      service('own', 'image: tb\nnetwork_mode: service:own'),
    );
    const told = (path: string): string =>
      `services wait for each other: ${path} — remove one of these dependencies [DEPENDENCY_CYCLE]`;
    expect(problemsOf({ 'a.yaml': text })).toEqual([
      `m/a.yaml:6:3: error: spec.network_mode: ${told('a → b → a')}`,
      `m/a.yaml:13:16: error: spec.depends_on[0]: ${told('a → b → a')}`,
      `m/a.yaml:20:3: error: spec.network_mode: ${told('own → own')}`,
    ]);
  });
});
