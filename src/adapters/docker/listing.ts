/**
 * Looking: the whole list, and single objects by their exact name.
 * Owns: that a list is whole or an error, and the memory of image labels. Must not know: what is done about what is seen.
 */
import type { CallOptions, Clock, Listing, Sighting } from '../../controller/ports.js';
import type { ObservedImage, ObservedNetwork, ObservedVolume } from '../../model/observed.js';
import { compareText } from '../../model/problem.js';
import { type DockerConnection, isAtLeast, type Session } from './connection.js';
import { pathPart } from './dockerode.js';
import { adapterError, isAbsent, isServerError } from './errors.js';
import { type JsonRecord, listOf, recordOf, textOf, textsOf } from './json.js';
import { claimOf, containerLabels, otherFromList, sightingOf } from './observe.js';
import { imageLabels, imageOf, networkOf, volumeOf } from './observe-objects.js';
import { silentOf } from './observe-silent.js';
import { devicesOf } from './observe-ties.js';

/** Inspects under way at once. */
const INSPECT_CONCURRENCY = 8;
/** A list waits so long for one container; a healthy engine answers within milliseconds. */
const SILENT_AFTER_MS = 5_000;
/** And so long for one of somebody else, again with each list: what devices it has is worth no more. */
const OTHER_SILENT_AFTER_MS = 1_000;
/** Images whose labels are remembered, and containers whose devices are: neither ever changes. */
const MAX_REMEMBERED = 500;
/** From here on an image tells the manifests of its platforms. */
const MANIFESTS_API = '1.48';

type Labels = Readonly<Record<string, string>>;
interface Asking {
  readonly session: Session;
  readonly abortSignal: AbortSignal;
}

/** The reading half of the engine. */
export interface Looking {
  list(options: CallOptions): Promise<Listing>;
  inspectContainer(idOrName: string, options: CallOptions): Promise<Sighting | null>;
  inspectNetwork(name: string, options: CallOptions): Promise<ObservedNetwork | null>;
  inspectVolume(name: string, options: CallOptions): Promise<ObservedVolume | null>;
  inspectImage(reference: string, options: CallOptions): Promise<ObservedImage | null>;
}

/** Creates the reading half. */
export function createLooking(connection: DockerConnection, project: string): Looking {
  const sight = createSight(project, connection.clock);
  return {
    list: (options) =>
      connection.call({ kind: 'list', ...options }, async (session, abortSignal) => {
        const asking = { session, abortSignal };
        const [networks, volumes, entries] = await Promise.all([
          listNetworks(asking, {}),
          listVolumes(asking),
          listContainers(asking),
        ]);
        const sightings = await inTurns(entries, (entry) => sight.listed(asking, entry));
        return { containers: sightings.filter((sighting) => sighting !== null), networks, volumes };
      }),

    inspectContainer: (idOrName, options) =>
      connection.call(
        { kind: 'inspectContainer', subject: idOrName, ...options },
        async (session, abortSignal) => {
          const asking = { session, abortSignal };
          if (idOrName === '') return null;
          const inspected = await orNull(inspectContainer(asking, idOrName));
          if (inspected === null) return null;
          // Docker finds by a prefix of the id too.
          const isExact = inspected.Id === idOrName || inspected.Name === `/${idOrName}`;
          return isExact ? sight.inspected(asking, inspected) : null;
        },
      ),

    inspectNetwork: (name, options) =>
      connection.call({ kind: 'inspectNetwork', ...options }, async (session, abortSignal) => {
        // By list: a look-up by name finds prefixes of ids, and fails where two have one name.
        const networks = await listNetworks({ session, abortSignal }, { filters: { name: [name] } });
        const named = networks.filter((network) => network.name === name);
        return named.find((network) => network.project === project) ?? named[0] ?? null;
      }),

    inspectVolume: (name, options) =>
      connection.call({ kind: 'inspectVolume', ...options }, async (session, abortSignal) => {
        if (name === '') return null;
        const answer = await orNull(session.docker.getVolume(pathPart(name)).inspect({ abortSignal }));
        return answer === null ? null : volumeOf(checked(answer, 'Name'));
      }),

    inspectImage: (reference, options) =>
      connection.call({ kind: 'inspectImage', ...options }, async (session, abortSignal) => {
        if (reference === '') return null;
        const answer = await orNull(inspectImage({ session, abortSignal }, reference));
        return answer === null ? null : imageOf(answer);
      }),
  };
}

/** Tells ours from others. */
interface Sight {
  inspected(asking: Asking, inspected: JsonRecord): Promise<Sighting>;
  /**
   * One container of the list. What is not of our project is taken from the list itself and asked once for its devices:
   * a hung container of somebody else must not stop us from seeing ours.
   */
  listed(asking: Asking, entry: JsonRecord): Promise<Sighting | null>;
}

function createSight(project: string, clock: Clock): Sight {
  const labelsOfImages = new Map<string, Labels>();
  const devicesOfOthers = new Map<string, readonly string[]>();

  async function labelsOfImage(asking: Asking, imageId: string): Promise<Labels> {
    const known = labelsOfImages.get(imageId);
    if (known !== undefined || imageId === '') return known ?? {};
    const answer = await orNull(inspectImage(asking, imageId));
    // An image that was removed by force tells nothing: what its container says is believed.
    if (answer === null) return {};
    const labels = imageLabels(answer);
    keep(labelsOfImages, imageId, labels);
    return labels;
  }

  /** A container keeps the devices that it was made with. */
  async function devicesOfOther(asking: Asking, entry: JsonRecord): Promise<readonly string[]> {
    const id = textOf(entry.Id);
    const known = devicesOfOthers.get(id);
    if (known !== undefined) return known;
    const asked = orNull(inspectContainer(asking, id));
    const answer = await answerInTime(asked, { clock, withinMs: OTHER_SILENT_AFTER_MS });
    if (answer === SILENT || answer === null) return [];
    const devices = devicesOf(answer);
    keep(devicesOfOthers, id, devices);
    return devices;
  }

  async function inspected(asking: Asking, answer: JsonRecord): Promise<Sighting> {
    const isClaimed = claimOf(containerLabels(answer), project) !== null;
    const labels = isClaimed ? await labelsOfImage(asking, textOf(answer.Image)) : {};
    return sightingOf(answer, project, labels);
  }

  return {
    inspected,
    async listed(asking, entry) {
      const owned = claimOf(textsOf(entry.Labels), project);
      if (owned === null) {
        const devices = await devicesOfOther(asking, entry);
        return { kind: 'other', container: otherFromList(entry, { project, devices }) };
      }
      // One that hangs, or that Docker cannot make sense of any more, must not hide all the others.
      const answer = await answerInTime(orNull(inspectContainer(asking, textOf(entry.Id))), {
        clock,
        withinMs: SILENT_AFTER_MS,
      });
      if (answer === SILENT) return { kind: 'ours', container: silentOf(entry, owned) };
      return answer === null ? null : inspected(asking, answer);
    },
  };
}

/** Remembers one more, and forgets the oldest where there are too many. */
function keep<Value>(remembered: Map<string, Value>, key: string, value: Value): void {
  const oldest = remembered.keys().next();
  if (remembered.size >= MAX_REMEMBERED && !oldest.done) remembered.delete(oldest.value);
  remembered.set(key, value);
}

const SILENT = Symbol('silent');

/** The answer of one inspect of a list; `SILENT` when none comes in time, or the engine fails at it. */
function answerInTime<T>(
  asked: Promise<T>,
  { clock, withinMs }: { readonly clock: Clock; readonly withinMs: number },
): Promise<T | typeof SILENT> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(withinMs, () => resolve(SILENT));
    asked
      .then(resolve, (error: unknown) => (isServerError(error) ? resolve(SILENT) : reject(error)))
      .finally(cancel);
  });
}

async function listContainers({ session, abortSignal }: Asking): Promise<readonly JsonRecord[]> {
  const answer = await session.docker.listContainers({ all: true, abortSignal });
  return checkedList(answer).map((entry) => checked(entry, 'Id'));
}

async function listNetworks(
  { session, abortSignal }: Asking,
  query: object,
): Promise<readonly ObservedNetwork[]> {
  const answer = await session.docker.listNetworks({ ...query, abortSignal });
  return checkedList(answer)
    .map((entry) => networkOf(checked(entry, 'Id')))
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id));
}

async function listVolumes({ session, abortSignal }: Asking): Promise<readonly ObservedVolume[]> {
  const answer = await session.docker.listVolumes({ abortSignal });
  if (!('Volumes' in recordOf(answer))) throw notDocker();
  return listOf(recordOf(answer).Volumes)
    .map((entry) => volumeOf(checked(entry, 'Name')))
    .sort((a, b) => compareText(a.name, b.name));
}

async function inspectContainer({ session, abortSignal }: Asking, idOrName: string): Promise<JsonRecord> {
  return checked(await session.docker.getContainer(pathPart(idOrName)).inspect({ abortSignal }), 'Id');
}

async function inspectImage({ session, abortSignal }: Asking, reference: string): Promise<JsonRecord> {
  const path = reference.split('/').map(pathPart).join('/');
  if (!isAtLeast(session.apiVersion, MANIFESTS_API))
    return checked(await session.docker.getImage(path).inspect({ abortSignal }), 'Id');
  // dockerode's own call drops the query.
  const call = {
    path: `/images/${path}/json?`,
    method: 'GET',
    options: { manifests: true },
    abortSignal,
    statusCodes: { 200: true, 404: 'no such image', 500: 'server error' },
  };
  const answer = await new Promise<unknown>((resolve, reject) => {
    session.docker.modem.dial(call, (error, body) => (error ? reject(error) : resolve(body)));
  });
  return checked(answer, 'Id');
}

/** Null for what Docker says is not there. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
}

/** The answer as an object that has the text that all of its kind have. A 200 with another body comes from a proxy. */
function checked(answer: unknown, field: string): JsonRecord {
  const raw = recordOf(answer);
  if (textOf(raw[field]) === '') throw notDocker();
  return raw;
}

function checkedList(answer: unknown): readonly unknown[] {
  if (!Array.isArray(answer)) throw notDocker();
  return answer;
}

const notDocker = (): Error => adapterError('engine', "the answer is not a Docker Engine's", 200);

/** Maps with a bound on how many are under way. The first failure ends it: no further one is begun. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of waiting) {
      if (failed) return;
      results[index] = await run(item);
    }
  };
  const workers = Array.from({ length: INSPECT_CONCURRENCY }, () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  await Promise.all(workers);
  return results;
}
