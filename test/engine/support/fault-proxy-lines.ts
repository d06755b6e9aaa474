/**
 * What a project must hold and what it holds, in lines that can be compared.
 * Owns: the form of a line. Must not know: when and why they are compared.
 */

import type { Sighting } from './engine-view.js';
import type { World } from './fault-proxy-scenarios.js';
import type { TestProject } from './project.js';

/** What must be there, sorted. */
export function expectedLines(
  projectName: string,
  { containers, networks, volumes }: World,
): readonly string[] {
  return [
    ...containers.map((each) => `${each} runs`),
    ...networks.map((ending) => `network ${projectName}${ending}`),
    ...volumes.map((ending) => `volume ${projectName}${ending}`),
  ];
}

/** What is there, in the same form and order; whatever is not as it should be says so in its line. */
export async function seenLines({ name, engine }: TestProject): Promise<readonly string[]> {
  const containers = await engine.containers();
  return [
    ...containers.map((each) => lineOf(name, each)).sort(),
    ...(await engine.networks()).map((each) => `network ${each}`),
    ...(await engine.volumes()).map((each) => `volume ${each}`),
  ];
}

function lineOf(
  projectName: string,
  { name, service, slot, image, status, restartPolicy }: Sighting,
): string {
  const isNamed = new RegExp(`^${projectName}-${service}-${slot}-[0-9a-f]{8}$`).test(name);
  const words =
    status === 'running' && restartPolicy === 'unless-stopped' ? 'runs' : `${status}, ${restartPolicy}`;
  return `${service} ${slot} ${image} ${words}${isNamed ? '' : `, named ${name}`}`;
}
