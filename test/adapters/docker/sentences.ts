/**
 * What Docker Engines say when they refuse, and what each sentence must be read as.
 * Owns: the sentences. Must not know: how they are read.
 */
import type { CallKind } from '../../../src/adapters/docker/errors.js';
import type { FailureCode } from '../../../src/model/failure.js';

/** The container that a call is about. */
export const ID = '15fd3400ad0d4b5b774dbfde40c93d5dd9b03acbf00f5af8520e184e6e3fe5b0';

/** A call, the status and the sentence that it was answered with, and what they mean. */
type Row = readonly [CallKind, number, string, FailureCode];

/** Recorded from Docker Engine 20.10.24. */
export const SAID_BY_20_10: readonly Row[] = [
  ['createContainer', 404, 'No such image: nope:1', 'noSuchImage'],
  [
    'createContainer',
    409,
    `Conflict. The container name "/a" is already in use by container "${ID}". You have to remove (or rename) that container to be able to reuse that name.`,
    'nameInUse',
  ],
  [
    'createContainer',
    400,
    'invalid mount config for type "bind": bind source path does not exist: /nope/x',
    'rejected',
  ],
  [
    'createContainer',
    404,
    'create v: error looking up volume plugin nope: plugin "nope" not found',
    'rejected',
  ],
  ['startContainer', 404, 'network alicia-nope not found', 'attachmentGone'],
  ['startContainer', 404, 'No such container: nonesuch', 'attachmentGone'],
  ['startContainer', 404, `No such container: ${ID}`, 'noSuchContainer'],
  ['startContainer', 409, 'cannot join network of a non running container: 0815', 'attachmentGone'],
  [
    'startContainer',
    409,
    'Container dabe6752f2b5 is restarting, wait until the container is running',
    'attachmentGone',
  ],
  [
    'restartContainer',
    500,
    `Cannot restart container ${ID}: No such container: dabe6752f2b518f203345472ddcdb40276df23b084e22acea379530fd4c1a421`,
    'attachmentGone',
  ],
  [
    'restartContainer',
    500,
    `Cannot restart container ${ID}: cannot join network of a non running container: dabe6752f2b5`,
    'attachmentGone',
  ],
  ['restartContainer', 404, `No such container: ${ID}`, 'noSuchContainer'],
  ['startContainer', 409, 'cannot start a paused container, try unpause instead', 'engine'],
  [
    'startContainer',
    500,
    'driver failed programming external connectivity on endpoint a (44f4): Bind for 0.0.0.0:39871 failed: port is already allocated',
    'portInUse',
  ],
  [
    'startContainer',
    500,
    'driver failed programming external connectivity on endpoint a (44f4): Error starting userland proxy: listen tcp4 0.0.0.0:39871: bind: address already in use',
    'portInUse',
  ],
  [
    'startContainer',
    500,
    'driver failed programming external connectivity on endpoint a (44f4): Bind for 0.0.0.0 failed: all ports are allocated',
    'portInUse',
  ],
  ['startContainer', 403, 'Address already in use', 'inUse'],
  [
    'startContainer',
    400,
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nonesuch": stat /nonesuch: no such file or directory: unknown',
    'rejected',
  ],
  [
    'startContainer',
    400,
    'network-scoped alias is supported only for containers in user defined networks',
    'rejected',
  ],
  [
    'startContainer',
    500,
    "Invalid address 10.1.1.1: It does not belong to any of this network's subnets",
    'engine',
  ],
  ['startContainer', 409, 'container is marked for removal and cannot be started', 'removalInProgress'],
  [
    'restartContainer',
    500,
    `Cannot restart container ${ID}: driver failed programming external connectivity on endpoint a (44f4): Bind for 0.0.0.0:80 failed: port is already allocated`,
    'portInUse',
  ],
  ['stopContainer', 404, `No such container: ${ID}`, 'noSuchContainer'],
  [
    'stopContainer',
    500,
    `cannot stop container: ${ID}: tried to kill container, but did not receive an exit event`,
    'stuck',
  ],
  ['unpauseContainer', 500, `Container ${ID} is not paused`, 'engine'],
  [
    'removeContainer',
    409,
    `You cannot remove a running container ${ID}. Stop the container before attempting removal or force remove`,
    'inUse',
  ],
  [
    'removeContainer',
    409,
    `You cannot remove a restarting container ${ID}. Stop the container before attempting removal or force remove`,
    'inUse',
  ],
  [
    'removeContainer',
    409,
    `You cannot remove a paused container ${ID}. Unpause and then stop the container before attempting removal or force remove`,
    'inUse',
  ],
  ['removeContainer', 409, `removal of container ${ID} is already in progress`, 'removalInProgress'],
  [
    'removeContainer',
    500,
    `container ${ID}: driver "overlay2" failed to remove root filesystem: unlinkat /merged: device or resource busy`,
    'inUse',
  ],
  [
    'renameContainer',
    409,
    `Error when allocating new name: Conflict. The container name "/c" is already in use by container "${ID}". You have to remove (or rename) that container to be able to reuse that name.`,
    'nameInUse',
  ],
  ['renameContainer', 400, 'Renaming a container with the same name as its current name', 'rejected'],
  ['updateContainer', 400, "maximum retry count cannot be used with restart policy 'no'", 'rejected'],
  ['updateContainer', 400, 'Minimum memory limit allowed is 6MB', 'rejected'],
  [
    'updateContainer',
    409,
    `Cannot update container ${ID}: Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set`,
    'engine',
  ],
  ['updateContainer', 404, `No such container: ${ID}`, 'noSuchContainer'],
  ['exec', 409, `Container ${ID} is not running`, 'engine'],
  ['exec', 409, 'Container a is paused, unpause the container before exec', 'engine'],
  ['exec', 409, `Container ${ID} is restarting, wait until the container is running`, 'engine'],
  ['exec', 404, `No such container: ${ID}`, 'noSuchContainer'],
  ['exec', 400, 'No exec command specified', 'rejected'],
  [
    'createContainer',
    400,
    'conflicting options: port publishing and the container type network mode',
    'rejected',
  ],
  ['createNetwork', 409, 'network with name n already exists', 'nameInUse'],
  ['createNetwork', 403, 'Pool overlaps with other one on this address space', 'noAddressPool'],
  [
    'createNetwork',
    404,
    'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    'noAddressPool',
  ],
  ['createNetwork', 404, 'plugin "nope" not found', 'rejected'],
  ['createNetwork', 403, 'operation is not permitted on predefined bridge network ', 'rejected'],
  ['createNetwork', 500, 'Invalid subnet 10.231.7 : invalid CIDR address: 10.231.7', 'rejected'],
  ['removeNetwork', 403, 'error while removing network: network n id 28e6 has active endpoints', 'inUse'],
  ['connectNetwork', 403, 'endpoint with name a already exists in network n', 'attachedAlready'],
  ['connectNetwork', 404, 'network n not found', 'noSuchNetwork'],
  ['connectNetwork', 404, 'No such container: a', 'noSuchContainer'],
  ['connectNetwork', 403, 'Address already in use', 'inUse'],
  ['disconnectNetwork', 500, `container ${ID} is not connected to network n`, 'engine'],
  ['disconnectNetwork', 404, 'network n not found', 'noSuchNetwork'],
  ['createVolume', 400, 'create w: invalid option: "xx"', 'rejected'],
  ['createVolume', 404, 'create v: error looking up volume plugin nope: plugin "nope" not found', 'rejected'],
  ['removeVolume', 409, `remove v: volume is in use - [${ID}]`, 'inUse'],
  [
    'pullImage',
    500,
    'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    'pullFailed',
  ],
  [
    'pullImage',
    404,
    'pull access denied for nope, repository does not exist or may require docker login',
    'pullFailed',
  ],
];

/** From the sources of Docker Engine 28.5, where they differ. */
export const SAID_BY_28: readonly Row[] = [
  [
    'startContainer',
    404,
    'failed to set up container networking: network alicia-nope not found',
    'attachmentGone',
  ],
  [
    'startContainer',
    404,
    'joining network namespace of container: No such container: nonesuch',
    'attachmentGone',
  ],
  [
    'startContainer',
    409,
    'cannot join network namespace of a non running container: container a is exited',
    'attachmentGone',
  ],
  [
    'startContainer',
    500,
    'failed to set up container networking: driver failed programming external connectivity on endpoint a (d5bd): failed to bind host port for 0.0.0.0:7148:172.18.0.2:7148/tcp: address already in use',
    'portInUse',
  ],
  [
    'startContainer',
    500,
    'failed to set up container networking: driver failed programming external connectivity on endpoint a (d5bd): Bind for 0.0.0.0:80 failed: port is already allocated',
    'portInUse',
  ],
  ['startContainer', 403, 'failed to set up container networking: Address already in use', 'inUse'],
  [
    'startContainer',
    503,
    "failed to set up container networking: no available IPv4 addresses on this network's address pools: n (28e6)",
    'noAddressPool',
  ],
  [
    'removeContainer',
    409,
    'cannot remove container "/a": container is running: stop the container before removing or force remove',
    'inUse',
  ],
  [
    'removeContainer',
    409,
    'cannot remove container "/a": container is paused: stop the container before removing or force remove',
    'inUse',
  ],
  [
    'removeContainer',
    500,
    'cannot remove container "/a": unable to remove filesystem: unlinkat /merged: device or resource busy',
    'inUse',
  ],
  ['createNetwork', 400, 'all predefined address pools have been fully subnetted', 'noAddressPool'],
  [
    'createNetwork',
    403,
    'invalid pool request: Pool overlaps with other one on this address space',
    'noAddressPool',
  ],
  [
    'removeNetwork',
    403,
    'error while removing network: network n has active endpoints (name:"a" id:"15fd3400ad0d")',
    'inUse',
  ],
  ['createVolume', 409, 'create v: conflict: volume name must be unique', 'nameInUse'],
];
