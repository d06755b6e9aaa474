/**
 * Secret and config documents to drafts.
 * Owns: what may be wrong with their file. Must not know: who reads it; what is in it, but for its digest.
 */
import { resolveBind } from './binds.js';
import type { FileDraft } from './draft.js';
import type { DraftSource } from './draft-service.js';
import type { ConfigManifest, SecretManifest } from './generated/manifest-types.js';
import { codeOfUnread, reasonOfUnread } from './named-file.js';
import { resolvePath } from './paths.js';
import { quote } from './quote.js';
import type { Scope } from './scope.js';
import type { Path } from './tree.js';

const FILE: Path = ['spec', 'file'];

/** Reads a secret or a config. Says in the scope what is wrong; the draft is of use only when nothing was. */
export function draftFile(manifest: SecretManifest | ConfigManifest, from: DraftSource): FileDraft {
  const { scope, context } = from;
  const { file } = manifest.spec;
  const { name } = manifest.metadata;
  const kind = manifest.kind === 'Secret' ? 'secret' : 'config';
  const draft = { kind, name, source: '', digest: '', scope } as const;
  if (/[\r\n]/.test(file)) {
    // Its text in place of its name: it is not said again.
    scope.error(FILE, 'BAD_VALUE', 'not a path: it is many lines long — put them into a file, and name that');
    return draft;
  }
  const source = resolveBind(scope, FILE, {
    source: file,
    readOnly: true,
    places: context,
    title: `the file ${quote(file)} of the ${kind} "${name}"`,
    mend: ', or put it below that',
  });
  const digest = source === null ? null : digestOf(scope, file, context);
  return { ...draft, source: source ?? '', digest: digest ?? '' };
}

/** Null after saying why there is none. */
function digestOf(scope: Scope, file: string, { references }: DraftSource['context']): string | null {
  const { content = null, digest = null } = references.get(resolvePath(scope.folder, file)) ?? {};
  if (digest !== null) return digest;
  if (content === null || content.kind === 'text') {
    const text = `there is no file ${quote(file)} — make it, or correct its path, which begins at the manifest's folder`;
    scope.error(FILE, 'MISSING_FILE', text);
    return null;
  }
  const mend =
    content.kind === 'tooLarge'
      ? `mount it instead: volumes: ["${file}:/path:ro"]`
      : 'name a file that the controller may read';
  scope.error(FILE, codeOfUnread(content), `${quote(file)} ${reasonOfUnread(content)} — ${mend}`);
  return null;
}
