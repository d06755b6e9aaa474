/**
 * A container of ours about which Docker gives no answer: what the list of containers says of it.
 * Owns: filling the rest with what claims nothing. Must not know: how long an answer was waited for.
 */
import { containerId } from '../../model/ids.js';
import type { OwnedLabels } from '../../model/labels.js';
import { NO_RESOURCES, type ObservedContainer } from '../../model/observed.js';
import { numberOf, recordOf, textOf } from './json.js';
import { listedName, NO_HEALTH, statusOf } from './observe.js';
import { endpointsOf, mountsOf, networkModeOf } from './observe-ties.js';

/** The container as far as it is known. */
export function silentOf(entry: unknown, owned: OwnedLabels): ObservedContainer {
  const raw = recordOf(entry);
  const id = textOf(raw.Id);
  const endpoints = endpointsOf(raw, id);
  return {
    id: containerId(id),
    name: listedName(raw),
    owned,
    status: statusOf({ Status: raw.State }),
    exitCode: 0,
    oomKilled: false,
    error: '',
    pid: 0,
    createdAt: numberOf(raw.Created) * 1000,
    startedAt: null,
    finishedAt: null,
    restartCount: 0,
    restartPolicy: { name: 'no', maximumRetryCount: 0 },
    resources: NO_RESOURCES,
    health: NO_HEALTH,
    probed: null,
    stopGraceMs: null,
    check: null,
    imageId: textOf(raw.ImageID),
    image: textOf(raw.Image),
    imageVersion: null,
    networkMode: networkModeOf(textOf(recordOf(raw.HostConfig).NetworkMode), endpoints),
    endpoints,
    ports: {},
    hostPorts: [],
    mounts: mountsOf(raw),
    isSilent: true,
  };
}
