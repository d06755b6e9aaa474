/**
 * How far a container is shut off from the host.
 * Owns: the fields that open or close it, and which of them ask for something. Must not know: what is allowed.
 */
import type { NetworkMode } from '../model/desired.js';
import { CAPABILITIES, capabilityOf, DEFAULT_CAPABILITIES, type Isolation } from '../model/isolation.js';
import type { PolicyKind } from '../model/policy.js';
import { compareText } from '../model/problem.js';
import { resolveDevices } from './devices.js';
import type { ServiceSpec } from './generated/manifest-types.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import { resolveSecurityOptions } from './security-options.js';
import { didYouMean } from './suggest.js';
import { readTextMap, recordOf } from './text-map.js';
import type { Path } from './tree.js';

/** All of it. */
export function resolveIsolation(scope: Scope, spec: ServiceSpec, network: NetworkMode): Isolation {
  const { privileged = false } = spec;
  if (privileged) ask(scope, ['spec', 'privileged'], 'privileged', 'has all rights on the host');
  const ipcMode = resolveNamespace(scope, 'ipc', spec.ipc);
  return {
    privileged,
    pidMode: resolveNamespace(scope, 'pid', spec.pid),
    ipcMode,
    usernsMode: resolveUserns(scope, spec.userns_mode),
    devices: resolveDevices(scope, spec.devices ?? []),
    capAdd: resolveCapabilities(scope, 'cap_add', spec.cap_add ?? []),
    capDrop: resolveCapabilities(scope, 'cap_drop', spec.cap_drop ?? []),
    securityOptions: resolveSecurityOptions(scope, spec.security_opt ?? []),
    sysctls: resolveSysctls(scope, spec, { network, ipcMode }),
  };
}

function ask(scope: Scope, path: Path, kind: PolicyKind, why: string): void {
  scope.ask({ path, word: { kind, value: null }, why, mend: '' });
}

/** What each namespace can be besides `container:<name>`, and what is the host's. */
const NAMESPACES = {
  pid: { words: ['host'], asks: 'host-pid', why: 'sees all processes of the host' },
  ipc: {
    words: ['host', 'none', 'private', 'shareable'],
    asks: 'host-ipc',
    why: 'shares the memory of the host',
  },
} as const;

/** Docker's word for the namespace; null when none is given, and after saying that it is none. */
function resolveNamespace(scope: Scope, field: 'pid' | 'ipc', text: string | undefined): string | null {
  if (text === undefined) return null;
  const path = ['spec', field];
  const { words, asks, why } = NAMESPACES[field];
  if (text === 'host') ask(scope, path, asks, why);
  else if (/^container:./.test(text))
    ask(
      scope,
      path,
      'container-namespace',
      `looks into the container ${quote(text.slice('container:'.length))}`,
    );
  if (/^container:./.test(text) || words.some((word) => word === text)) return text;
  if (text.startsWith('service:'))
    scope.error(path, 'UNSUPPORTED', `${quote(text)} is not supported by this version yet — remove it`);
  else {
    const known = `${words.join(', ')} or container:<name>`;
    scope.error(path, 'BAD_VALUE', `expected ${known}, got ${quote(text)}${didYouMean(text, words)}`);
  }
  return null;
}

function resolveUserns(scope: Scope, text: string | undefined): 'host' | null {
  if (text === undefined) return null;
  const path = ['spec', 'userns_mode'];
  if (text === 'host') ask(scope, path, 'userns-host', 'has the users of the host');
  else scope.error(path, 'BAD_VALUE', `expected host, got ${quote(text)} — write it, or remove the field`);
  return text === 'host' ? text : null;
}

/** Names without `CAP_`, sorted, each once. Those that Docker gives anyway ask for nothing, also after all were dropped. */
function resolveCapabilities(
  scope: Scope,
  field: 'cap_add' | 'cap_drop',
  names: readonly string[],
): readonly string[] {
  const found = new Set<string>();
  for (const [index, text] of names.entries()) {
    const path = ['spec', field, index];
    const name = capabilityOf(text);
    if (name === null) {
      const near = didYouMean(text.toUpperCase().replace(/^CAP_/, ''), CAPABILITIES);
      scope.error(
        path,
        'BAD_VALUE',
        `not a capability: ${quote(text)}${near || ' — such as NET_ADMIN, or ALL'}`,
      );
    } else found.add(name);
    if (name === null || field === 'cap_drop' || DEFAULT_CAPABILITIES.includes(name)) continue;
    const what = name === 'ALL' ? 'all capabilities are' : `${name} is`;
    scope.ask({
      ...{ path, word: { kind: 'cap', value: name }, mend: '' },
      why: `${what} more than Docker gives to every container`,
    });
  }
  return [...found].sort(compareText);
}

/** What Linux keeps for each container apart (docker/cli: opts.ValidateSysctl). */
const IPC_SYSCTL =
  /^(?:kernel\.(?:msgmax|msgmnb|msgmni|sem|shmall|shmmax|shmmni|shm_rmid_forced)|fs\.mqueue\..+)$/;
const NETWORK_SYSCTL = /^net\..+$/;

function resolveSysctls(
  scope: Scope,
  { sysctls }: ServiceSpec,
  beside: { readonly network: NetworkMode; readonly ipcMode: string | null },
): Readonly<Record<string, string>> {
  const field = ['spec', 'sysctls'];
  const given = readTextMap(scope, field, sysctls);
  for (const [name, value] of given) {
    const place = Array.isArray(sysctls) ? sysctls.findIndex((item) => item.split('=')[0] === name) : name;
    const path = [...field, place];
    const refusal = refusalOfSysctl(name, value, beside);
    if (refusal !== null) scope.error(path, 'BAD_VALUE', refusal);
    scope.ask({
      ...{ path, word: { kind: 'sysctl', value: name }, mend: '' },
      why: `sets ${quote(name)} of the kernel`,
    });
  }
  return recordOf([...given].map(([name, value]) => [name, value ?? ''] as const));
}

/** Why Docker would not start the container with it; null: it would. */
function refusalOfSysctl(
  name: string,
  value: string | null,
  { network, ipcMode }: { readonly network: NetworkMode; readonly ipcMode: string | null },
): string | null {
  if (value === null || value === '') return 'has no value — write name=value';
  const own = (what: string): string => `${quote(name)} is the host's own with ${what} — set it on the host`;
  if (NETWORK_SYSCTL.test(name)) return network.kind === 'host' ? own('network_mode host') : null;
  if (IPC_SYSCTL.test(name)) return ipcMode === 'host' ? own('ipc host') : null;
  return `${quote(name)} cannot be set for one container — set it on the host`;
}
