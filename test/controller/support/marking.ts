/**
 * A controller's marks over what is declared and what is there.
 */
import { markAll } from '../../../src/controller/marks.js';
import { createNoted } from '../../../src/controller/noted.js';
import { createObservedStore, setContainer } from '../../../src/controller/observed-store.js';
import { emptyMemory } from '../../../src/core/memory.js';
import { topologyOf } from '../../../src/core/topology.js';
import type { DesiredState } from '../../../src/model/desired.js';
import type { ServiceName } from '../../../src/model/ids.js';
import type { ObservedContainer } from '../../../src/model/observed.js';
import type { ServiceStatus } from '../../../src/model/status.js';
import { parseDesired } from '../../support/decision-desired.js';
import { parseContainers } from '../../support/decision-observed.js';

/** Four services of which one needs none and is needed by none, their networks and a volume. */
export const SERVICES = `
db: {image: db:1, volumes: [data:/data], networks: [back]}
api: {image: api:1, networks: [back, front], depends_on: [db]}
web: {image: web:1, networks: [front], depends_on: [api]}
lone: {image: web:1}
networks: {back: {}, front: {}}
volumes: {data: {}}
`;
const CONTAINERS = 'db-1 running\napi-1 running\nweb-1 running\nlone-1 running';
/** Names of objects of {@link SERVICES}. */
export const BACK = 'alicia_back';
/** The volume. */
export const DATA = 'alicia_data';

/** A controller's marks over what is declared and what is there, everything taken note of. */
export function stageOf(declared = SERVICES, containers = CONTAINERS) {
  const desired = parseDesired(declared);
  const store = createObservedStore();
  const seen = new Map<string, ObservedContainer>();
  for (const container of [
    ...parseContainers(containers, parseDesired(SERVICES), 1_000_000).values(),
  ].flat()) {
    setContainer(store, { kind: 'ours', container });
    seen.set(`${container.owned.service}-${container.owned.slot}`, container);
  }
  for (const name of [BACK, 'alicia_front']) store.networks.set(name, networkOf(name, 'n1'));
  store.volumes.set(DATA, { name: DATA, driver: 'local', project: 'alicia', hash: null });
  for (const image of ['db:1', 'api:1', 'web:1']) store.images.set(image, imageOf('i1'));
  const marked: string[] = [];
  const parts = {
    state: {
      desired: desired as DesiredState | null,
      topology: topologyOf(desired),
      memory: emptyMemory,
      statuses: new Map<ServiceName, ServiceStatus>(),
      noted: createNoted(),
    },
    observer: { state: store },
    agenda: {
      mark(names: Iterable<string>, objects = false) {
        marked.push(...names, ...(objects ? ['objects'] : []));
      },
    },
  };
  markAll(parts);
  marked.length = 0;
  return {
    parts,
    store,
    of(name: string): ObservedContainer {
      const container = seen.get(name);
      if (container === undefined) throw new Error(`${name} is not there`);
      return container;
    },
    /** Who is marked by a change, in a word. */
    after(change: () => void): string {
      marked.length = 0;
      change();
      return [...new Set(marked)].sort().join(' ');
    },
  };
}

/** A network of the project as it is seen. */
export const networkOf = (name: string, id: string) => ({
  id,
  name,
  driver: 'bridge',
  project: 'alicia',
  hash: null,
});
/** An image as it is seen. */
export const imageOf = (id: string) => ({ id, version: null, hasHealthcheck: false });
