/**
 * What services may ask of the host beyond what every service may: the words of `--allow`.
 * Owns: the words and how a list of them is written. Must not know: which field asks, command lines.
 */

/** Every word but `all`, in the order in which lists are written. */
export const POLICY_KINDS = [
  'privileged',
  'host-network',
  'host-pid',
  'host-ipc',
  'userns-host',
  'bind',
  'socket',
  'device',
  'cap',
  'security-opt',
  'sysctl',
  'container-namespace',
] as const;

/** One of {@link POLICY_KINDS}. */
export type PolicyKind = (typeof POLICY_KINDS)[number];

/** The words as the help and errors show them. */
export const POLICY_WORDS: readonly string[] = [
  ...['privileged', 'host-network', 'host-pid', 'host-ipc', 'userns-host', 'bind:<path>', 'socket'],
  ...['device:<path>', 'cap:<NAME>', 'security-opt', 'sysctl:<name>', 'container-namespace', 'all'],
];

/** What a value of a kind is; a kind that is absent takes none. */
export const POLICY_VALUES: Partial<Readonly<Record<PolicyKind | 'all', '<path>' | '<NAME>' | '<name>'>>> = {
  bind: '<path>',
  device: '<path>',
  cap: '<NAME>',
  sysctl: '<name>',
};

/** One word: what is asked for, or what may be. */
export interface PolicyWord {
  readonly kind: PolicyKind | 'all';
  /** A path, capability or sysctl; null: of a kind that takes none, or the whole kind. */
  readonly value: string | null;
}

/** What is still to be allowed. */
export interface PolicyNeeds {
  /** How many services need some of it. */
  readonly services: number;
  /** A list as `--allow` takes it: sorted, nothing twice, nothing below another. */
  readonly allow: string;
}

/** A word as `--allow` takes it; a comma inside of a path has a backslash before it. */
export const renderPolicyWord = ({ kind, value }: PolicyWord): string =>
  value === null ? kind : `${kind}:${value.replace(/[\\,]/g, '\\$&')}`;

/** The words of a list, with the backslashes before commas taken away. */
export const splitPolicyList = (text: string): readonly string[] =>
  (text.match(/(?:\\.|[^\\,]|\\$)+/gs) ?? [])
    .map((word) => word.replace(/\\(.)/gs, '$1').trim())
    .filter((word) => word !== '');
