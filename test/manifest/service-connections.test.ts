/**
 * Ports, volumes and networks of a service.
 */
import { describe, expect, test } from 'vitest';
import { documents, problemsOf, problemsOfSpec, resolveSpec, resolveTexts, service } from './texts.js';

const render = (value: unknown): string => JSON.stringify(value);

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
      const name = mount.kind === 'volume' ? mount.volume : mount.kind === 'bind' ? mount.source : '';
      const source = `${mount.kind} ${name}`.trim();
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
    ['["/data"]', ['anonymous at /data']],
    ['["/data/../b/"]', ['anonymous at /b']],
    ['[{type: volume, target: /data, read_only: true}]', ['anonymous at /data ro']],
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
    const inNoFolder = [
      `6:13: error: spec.volumes[0]: "./a" is in no folder of the host — mount the manifest directory into the controller's container with -v [BIND_OUTSIDE]`,
    ];
    expect(problemsOfSpec('volumes: ["./a:/a"]', { hostPaths: [] })).toEqual(inNoFolder);
    // A volume that is mounted below it hides the folder of the host.
    const hidden = [...hostPaths, { inside: '/srv/m/a', outside: null }];
    expect(problemsOfSpec('volumes: ["./a:/a"]', { hostPaths: hidden })).toEqual(inNoFolder);
    expect(resolveSpec('volumes: ["./b:/b"]', { hostPaths: hidden }).container.mounts).toMatchObject([
      { source: '/home/me/stacks/b' },
    ]);
    expect(problemsOfSpec('volumes: ["/mnt/a:/a"]', { hostPaths })).toEqual([
      `6:13: error: spec.volumes[0]: "/mnt/a" is in no folder of the host — mount it into the controller's container with -v [BIND_OUTSIDE]`,
    ]);
  });
  test.each([
    [
      '/etc:/etc',
      'error: spec.volumes[0]: "/etc" lies outside of the manifest directory — give --allow bind:/etc, or put the file or folder below it, or use a named volume [POLICY_DENIED]',
    ],
    [
      '../x:/x',
      'error: spec.volumes[0]: "../x" lies outside of the manifest directory — give --allow bind:/srv/x, or put the file or folder below it, or use a named volume [POLICY_DENIED]',
    ],
    [
      '~/x:/x',
      'error: spec.volumes[0]: "~/x" begins at a home directory, which is not known here — write the whole path [BIND_OUTSIDE]',
    ],
    [
      '/etc/timezone:/etc/timezone',
      'error: spec.volumes[0]: "/etc/timezone" lies outside of the manifest directory — give --allow bind:/etc/timezone, or add :ro [POLICY_DENIED]',
    ],
    ['data', 'error: spec.volumes[0]: the target "data" is not absolute — it must begin with / [BAD_VALUE]'],
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
    const texts = { 'web.yaml': service('web', `image: tb\nvolumes: ["${volume}"]`), ...data };
    expect(problemsOf(texts, { allow: [] })).toEqual([`m/web.yaml:6:13: ${message}`]);
  });
  test('tmpfs, a source that is empty or missing, and two mounts of one target are refused', () => {
    expect(
      problemsOfSpec(
        'volumes:\n- {type: tmpfs, target: /t}\n- {type: volume, source: "", target: /t}\n- {type: bind, target: /t}\n- /a\n- ./b:/a',
      ),
    ).toEqual([
      '7:6: error: spec.volumes[0].type: type "tmpfs" is not supported by this version yet — use volume or bind [UNSUPPORTED]',
      '8:20: error: spec.volumes[1].source: is empty — name a volume, or remove the field [BAD_VALUE]',
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
