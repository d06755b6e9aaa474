/**
 * Words for tests of a controller in its everyday life on a real engine.
 * Owns: waiting for what it says of a service, what it did, and what the engine shows of a container.
 * Must not know: what is tested.
 */
import type { ContainerInspectInfo } from 'dockerode';
import type { ServiceStatus } from '../../../src/model/status.js';
import { eventually } from '../../support/eventually.js';
import type { Sighting } from './engine-view.js';
import { of, PATIENCE_MS, type RunningController, type TestProject } from './project.js';

/** Waits until the status of a service is as the condition says; resolves with it. */
export const untilStatus = (
  controller: RunningController,
  name: string,
  isSo: (status: ServiceStatus) => boolean,
  describe = `the status of ${name}`,
): Promise<ServiceStatus> =>
  eventually(
    async () => {
      const status = await controller.service(name);
      if (isSo(status)) return status;
      throw new Error(`${status.state} ${status.sync} ${status.health} ${status.reason}: ${status.message}`);
    },
    { timeoutMs: PATIENCE_MS, describe },
  );

/** The only container of a service. */
export function onlyOf(seen: readonly Sighting[], name: string): Sighting {
  const [only, ...more] = of(seen, name);
  if (only === undefined || more.length > 0)
    throw new Error(`${name} has not one container: ${1 + more.length}`);
  return only;
}

/** Waits until the only container of a service is as the condition says; resolves with it. */
export const untilOnly = (
  project: TestProject,
  name: string,
  isSo: (container: Sighting) => boolean,
): Promise<Sighting> =>
  project.until(`the only container of ${name} is as it should be`, (seen) => {
    const only = onlyOf(seen, name);
    if (isSo(only)) return only;
    throw new Error(JSON.stringify(only));
  });

/** What the engine shows of a container. */
export const inspect = (project: TestProject, { id }: Pick<Sighting, 'id'>): Promise<ContainerInspectInfo> =>
  project.engine.docker.getContainer(id).inspect();

/** The steps that the controller has made with containers of a service, such as `start container web-1`. */
export const stepsOf = (controller: RunningController, name: string): readonly string[] =>
  controller
    .log()
    .filter(({ verb, service }) => verb !== undefined && service === name)
    .map(({ verb, object }) => `${verb} ${object}`)
    .filter((step) => step.includes(' container '));

/** How often containers of a service were started, by anybody. */
export const startsOf = ({ engine }: TestProject, name: string): number =>
  engine.happenings.filter(({ action, service }) => action === 'start' && service === name).length;

/** What was told as drift: `detected web: container web-1 was removed`. */
export const driftTold = (controller: RunningController): readonly string[] =>
  (['drift_detected', 'drift_corrected'] as const).flatMap((type) =>
    controller
      .events(type)
      .map((line) => `${type.slice('drift_'.length)} ${line.service_name}: ${line.what}`),
  );

/** Waits until a name is answered inside a container with as many addresses; resolves with them, sorted. */
export const untilResolved = (
  project: TestProject,
  asker: Pick<Sighting, 'id'>,
  name: string,
  count = 1,
): Promise<readonly string[]> =>
  eventually(
    async () => {
      const answer = await project.engine.execute(asker.id, ['nslookup', name]);
      // The first address is that of the name server.
      const found = [...answer.matchAll(/^Address(?: \d+)?:\s+(?!127\.)([\d.]+)/gm)].map(([, ip = '']) => ip);
      if (found.length === count) return found.toSorted();
      throw new Error(answer);
    },
    { timeoutMs: PATIENCE_MS, describe: `${name} resolves to ${count} addresses` },
  );
