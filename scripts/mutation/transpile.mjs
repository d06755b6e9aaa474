// Owns: TypeScript to JavaScript beside it, for a folder that may be written to. Must not know: what is in the files.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const compilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
};

/** Writes a `.js` beside every `.ts` below these folders; what is imported from `vitest` comes from `instead`. */
export function transpile(root, folders, instead) {
  for (const folder of folders) {
    for (const name of readdirSync(join(root, folder), { recursive: true })) {
      if (!name.endsWith('.ts')) continue;
      const path = join(root, folder, name);
      const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions });
      // Several processes do this at the same time, and import what they find.
      const draft = `${path}.${process.pid}`;
      writeFileSync(draft, outputText.replace(/from ['"]vitest['"]/g, `from '${instead}'`));
      renameSync(draft, path.replace(/\.ts$/, '.js'));
    }
  }
}
