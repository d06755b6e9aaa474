/**
 * What a scenario asks for: services as the simulation's manifests, and whether the engine's truth is so.
 * Owns: writing manifests, and judging by the truth alone. Must not know: the controller, its rules.
 */
import type { DependencyCondition } from '../../../src/model/desired.js';
import { roleOfName } from '../../../src/model/names.js';
import type { SimulatedImageName } from '../simulated-docker/behaviours.js';
import { isAlive, ownContainers, type SimulatedContainer, type Truth } from '../simulated-docker/truth.js';

/** A service of a scenario. */
export interface SimulatedService {
  readonly image: `${SimulatedImageName}:${number}`;
  /** Default 1. */
  readonly replicas?: number;
  readonly needs?: Readonly<Record<string, DependencyCondition>>;
  /** Default: Docker’s check every second for services, none for one-shots. */
  readonly check?: boolean;
  /** It runs to an end. */
  readonly oneShot?: boolean;
  /** Names of volumes. */
  readonly volumes?: readonly string[];
  /** `container_name`. */
  readonly called?: string;
  /** `required: false` on all that it needs. */
  readonly optionally?: boolean;
  /** `restart: true` on all that it needs. */
  readonly follows?: boolean;
  /** `deploy.update_config`. */
  readonly update?: Readonly<Record<string, unknown>>;
  /** `deploy.restart_policy.max_attempts`. */
  readonly maxAttempts?: number;
  /** `mem_limit`. */
  readonly memory?: string;
  /** `pull_policy`. */
  readonly pull?: string;
  /** `network_mode: service:…`. */
  readonly sharesNetworkOf?: string;
  /** Networks, each with the value of a label: another value is another declaration. */
  readonly networks?: Readonly<Record<string, string>>;
  /** Places of anonymous volumes. */
  readonly anonymous?: readonly string[];
  /** `ports`. */
  readonly ports?: readonly string[];
}

/** All services of a scenario, by name. */
export type SimulatedServices = Readonly<Record<string, SimulatedService>>;

/** The manifests of all, one file a service. */
export function manifestsOf(services: SimulatedServices): ReadonlyMap<string, string> {
  const volumes = new Set(Object.values(services).flatMap(({ volumes: names = [] }) => names));
  const networks = new Map(Object.values(services).flatMap(({ networks: own = {} }) => Object.entries(own)));
  return new Map([
    ...[...networks].map(([name, label]): [string, string] => [
      `network-${name}.yaml`,
      documentOf('Network', name, { labels: { label } }),
    ]),
    ...[...volumes].map((name): [string, string] => [`volume-${name}.yaml`, documentOf('Volume', name, {})]),
    ...Object.entries(services).map(([name, service]): [string, string] => [
      `${name}.yaml`,
      documentOf('Service', name, specOf(service)),
    ]),
  ]);
}

const documentOf = (kind: string, name: string, spec: unknown): string =>
  JSON.stringify({ apiVersion: 'alicia/v1', kind, metadata: { name }, spec }, null, 2);

function specOf(service: SimulatedService): unknown {
  const { image, replicas = 1, needs = {}, oneShot = false, check = !oneShot, volumes = [] } = service;
  const { called, optionally = false, follows = false, anonymous = [] } = service;
  const edge = (condition: DependencyCondition): unknown => ({
    condition,
    ...(optionally ? { required: false } : {}),
    ...(follows ? { restart: true } : {}),
  });
  return {
    image,
    replicas,
    ...optionsOf(service),
    depends_on: Object.fromEntries(Object.entries(needs).map(([name, condition]) => [name, edge(condition)])),
    volumes: [...volumes.map((name) => `${name}:/data/${name}`), ...anonymous],
    ...(oneShot ? { restart: 'no' } : {}),
    ...(called === undefined ? {} : { container_name: called }),
    ...(check ? { healthcheck: { test: ['CMD', 'ok'], interval: '1s', timeout: '1s', retries: 3 } } : {}),
  };
}

/** The fields that few scenarios set. */
function optionsOf(service: SimulatedService): object {
  const { update, maxAttempts, memory, pull, sharesNetworkOf, networks, ports } = service;
  const deploy = {
    ...(update === undefined ? {} : { update_config: update }),
    ...(maxAttempts === undefined ? {} : { restart_policy: { max_attempts: maxAttempts } }),
  };
  return {
    ...(Object.keys(deploy).length === 0 ? {} : { deploy }),
    ...(memory === undefined ? {} : { mem_limit: memory }),
    ...(pull === undefined ? {} : { pull_policy: pull }),
    ...(sharesNetworkOf === undefined ? {} : { network_mode: `service:${sharesNetworkOf}` }),
    ...(networks === undefined ? {} : { networks: Object.keys(networks) }),
    ...(ports === undefined ? {} : { ports }),
  };
}

/** Containers of one service of the project. */
export function containersOf(truth: Truth, project: string, service: string): readonly SimulatedContainer[] {
  return ownContainers(truth, project)
    .filter(({ owned }) => owned.service === service)
    .map(({ container }) => container);
}

/** Running, not about to end, and healthy where it has a check. */
export const isServing = ({ status, isEnding, check, health }: SimulatedContainer): boolean =>
  status === 'running' && !isEnding && (check === null || health.status === 'healthy');

/** It ran to a good end. */
export const hasCompleted = ({ status, startedAt, exitCode }: SimulatedContainer): boolean =>
  status === 'exited' && startedAt !== null && exitCode === 0;

/** What is not as the services ask for; empty when all is. */
export function missingFrom(truth: Truth, project: string, services: SimulatedServices): readonly string[] {
  const problems: string[] = [];
  for (const [name, service] of Object.entries(services)) {
    const { replicas = 1, image, oneShot = false } = service;
    const containers = containersOf(truth, project, name);
    if (containers.length !== replicas)
      problems.push(`${name}: ${containers.length} of ${replicas} containers`);
    for (const container of containers) {
      if (container.spec.image !== image)
        problems.push(`${container.name}: made from ${container.spec.image}`);
      if (roleOfName(container.name) !== 'plain') problems.push(`${container.name}: is left over`);
      const isGood = oneShot ? hasCompleted(container) : isServing(container);
      if (!isGood) problems.push(`${container.name}: ${container.status} ${container.health.status}`);
    }
  }
  for (const { container, owned } of ownContainers(truth, project))
    if (services[owned.service] === undefined) problems.push(`${container.name}: nobody asks for it`);
  return problems;
}

/** The whole truth, one container a line, for people who look for a fault. */
export function renderTruth(truth: Truth): string {
  const lines = [...truth.containers.values()].map(
    (container) =>
      `${container.name} ${container.status} ${container.health.status} exit=${container.exitCode} restarts=${container.restartCount} policy=${container.restartPolicy.name} ${container.spec.image}${isAlive(container) ? '' : ' (at rest)'}`,
  );
  return lines.sort().join('\n');
}
