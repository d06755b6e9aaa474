// Owns: the order of services, and who is meant to run to an end.
import { describe, expect, test } from 'vitest';
import { isEndAwaited, isRunningToItsEnd } from '../../src/core/runs-to-end.js';
import { dependenciesInOrder, topologyOf } from '../../src/core/topology.js';
import type { DesiredService } from '../../src/model/desired.js';
import { serviceName } from '../../src/model/ids.js';
import { contextOf } from '../support/decision.js';

/** Services in the order of the text, whatever order a desired state would have. */
function servicesOf(
  manifests: string,
  names: string,
): ReadonlyMap<ReturnType<typeof serviceName>, DesiredService> {
  const { services } = contextOf({ manifests }).desired;
  return new Map(
    names.split(' ').map((name) => {
      const service = services.get(serviceName(name));
      if (service === undefined) throw new Error(`no ${name}`);
      return [serviceName(name), service];
    }),
  );
}

describe('2.6 the start order', () => {
  const CHAIN = 'a: {image: a:1, depends_on: [c]}\nb: {image: b:1, depends_on: [c]}\nc: {image: c:1}';

  test('2.6 must be dependencies first, then priority, then name, whatever order they come in', () => {
    const manifests =
      'a: {image: a:1, depends_on: [d]}\nb: {image: b:1}\nc: {image: c:1, priority: 0}\nd: {image: d:1}';
    for (const names of ['a b c d', 'd c b a'])
      expect(topologyOf({ services: servicesOf(manifests, names) }).order).toEqual(['c', 'b', 'd', 'a']);
  });

  test('2.7 dependants must be sorted', () => {
    const topology = topologyOf({ services: servicesOf(CHAIN, 'b a c') });
    expect(topology.dependants.get(serviceName('c'))).toEqual(['a', 'b']);
    expect(dependenciesInOrder(topology, serviceName('a'))).toEqual(['c']);
  });

  test('2.1 services on a cycle of last good versions must come after the others, by name, and not be lost', () => {
    const services = servicesOf(CHAIN, 'c b a');
    const back = services.get(serviceName('b'))?.dependsOn ?? [];
    const cyclic = new Map(
      [...services].map(([name, service]) => [
        name,
        name === 'c'
          ? { ...service, dependsOn: back.map((edge) => ({ ...edge, service: serviceName('a') })) }
          : service,
      ]),
    );
    const free = servicesOf('z: {image: z:1}', 'z');
    const topology = topologyOf({ services: new Map([...cyclic, ...free]) });
    expect(topology.order).toEqual(['z', 'a', 'b', 'c']);
    expect(topology.rank.get(serviceName('c'))).toBe(3);
  });
});

describe('6.3 a service that runs to its end', () => {
  const of = (manifests: string): string => {
    const { desired, topology } = contextOf({ manifests });
    const job = desired.services.get(serviceName('job'));
    if (job === undefined) throw new Error('no job');
    const declared = { desired, topology };
    return `${isRunningToItsEnd(job, declared) ? 'ends' : 'goes on'}, ${isEndAwaited(job, declared) ? '' : 'not '}awaited`;
  };
  const job = (fields: string, web = ''): string =>
    `job: {image: job:1, ${fields}}\nbus: {image: bus:1, restart: "no"}\n${web}`;
  const on = (condition: string, bus = 'service_started'): string =>
    `web: {image: web:1, depends_on: {bus: {condition: ${bus}}, job: {condition: ${condition}}}}`;
  const CHECK = 'healthcheck: {test: [CMD, ok]}';

  test('6.3 must be one that nothing restarts and nothing checks', () => {
    expect(of(job('restart: "no"'))).toBe('ends, not awaited');
    expect(of(job('restart: on-failure'))).toBe('goes on, not awaited');
    expect(of(job('restart: always'))).toBe('goes on, not awaited');
    expect(of(job(`restart: "no", ${CHECK}`))).toBe('goes on, not awaited');
  });

  test('6.3 must be none that Docker starts again whatever its end, although others wait for that', () => {
    expect(of(job('restart: always', on('service_completed_successfully')))).toBe('goes on, awaited');
  });

  test('2.2 must be one whose completion others wait for, among other things that they wait for', () => {
    const completed = 'service_completed_successfully';
    expect(of(job(`restart: on-failure, ${CHECK}`, on(completed)))).toBe('ends, awaited');
    expect(of(job(`restart: on-failure, ${CHECK}`, on('service_healthy', completed)))).toBe(
      'goes on, not awaited',
    );
  });
});
