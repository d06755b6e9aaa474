/**
 * Devices of the host in a container.
 * Owns: the short and the long form. Must not know: what is allowed.
 */
import type { DeviceMapping } from '../model/isolation.js';
import { compareText } from '../model/problem.js';
import type { DeviceEntry } from './generated/manifest-types.js';
import { resolvePath } from './paths.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import type { Path } from './tree.js';

const ALL = 'rwm';

/** All devices of a service, sorted by target. Each asks for its path. */
export function resolveDevices(scope: Scope, entries: readonly DeviceEntry[]): readonly DeviceMapping[] {
  const devices = new Map<string, DeviceMapping>();
  for (const [index, entry] of entries.entries()) {
    const path = ['spec', 'devices', index];
    const device = typeof entry === 'string' ? shortForm(scope, path, entry) : longForm(scope, path, entry);
    if (device === null) continue;
    if (devices.has(device.target))
      scope.error(path, 'BAD_VALUE', `another device is at ${quote(device.target)} already`);
    devices.set(device.target, device);
    scope.ask({
      ...{ path, word: { kind: 'device', value: device.source }, mend: '' },
      why: `uses the device ${device.source} of the host`,
    });
  }
  return [...devices.values()].sort((a, b) => compareText(a.target, b.target));
}

/** `source[:target][:permissions]`, as docker run reads it: a second part of the letters r, w and m is no path. */
function shortForm(scope: Scope, path: Path, text: string): DeviceMapping | null {
  const [source = '', second, third, ...rest] = text.split(':');
  const isMode = second !== undefined && third === undefined && isPermissions(second);
  const target = second === undefined || isMode ? source : second;
  const permissions = (isMode ? second : third) ?? ALL;
  if (rest.length === 0 && isPermissions(permissions))
    return checked(scope, path, { source, target, permissions });
  const form = 'source, source:target or source:target:permissions';
  scope.error(
    path,
    'BAD_VALUE',
    `not a device: ${quote(text)} — expected ${form}, e.g. "/dev/ttyUSB0:/dev/ttyUSB0:rwm"`,
  );
  return null;
}

function longForm(scope: Scope, path: Path, entry: Exclude<DeviceEntry, string>): DeviceMapping | null {
  const { source, target = source, permissions = ALL } = entry;
  if (isPermissions(permissions)) return checked(scope, path, { source, target, permissions });
  const text = `expected some of the letters r, w and m, got ${quote(permissions)}`;
  scope.error([...path, 'permissions'], 'BAD_VALUE', text);
  return null;
}

function checked(scope: Scope, path: Path, device: DeviceMapping): DeviceMapping | null {
  const { source, target, permissions } = device;
  if (/^[^/]+\/[^/]+=/.test(source)) {
    scope.error(
      path,
      'UNSUPPORTED',
      `${quote(source)} is not supported by this version yet — name a path such as /dev/ttyUSB0`,
    );
    return null;
  }
  const relative = [source, target].find((each) => !each.startsWith('/'));
  if (relative === undefined)
    return { source: resolvePath('/', source), target: resolvePath('/', target), permissions };
  scope.error(path, 'BAD_VALUE', `${quote(relative)} is not absolute — it must begin with /`);
  return null;
}

const isPermissions = (text: string): boolean => /^(?!.*(.).*\1)[rwm]{1,3}$/.test(text);
