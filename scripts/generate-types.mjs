/**
 * Turns schemas/manifest.schema.json into TypeScript: the types, and the schema itself as a module (the manifest stage
 * reads no files). `--check` writes nothing and fails when what is committed is not what would be written.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const header =
  '/** Generated from schemas/manifest.schema.json by scripts/generate-types.mjs. Do not edit. */\n';
const schema = JSON.parse(readFileSync(`${root}schemas/manifest.schema.json`, 'utf8'));

/**
 * Leaves out what would open every type to any field (extension fields are for people, no code reads them), and what is
 * said beside a reference, which would make one type for each use.
 */
function closed(value) {
  if (Array.isArray(value)) return value.map(closed);
  if (value === null || typeof value !== 'object') return value;
  if ('$ref' in value) return { $ref: value.$ref };
  const kept = Object.entries(value).filter(([key]) => key !== 'patternProperties');
  return Object.fromEntries(kept.map(([key, inner]) => [key, closed(inner)]));
}

const types = await compile(closed(schema), 'Manifest', { bannerComment: '', unreachableDefinitions: true });
const outputs = {
  'src/manifest/generated/manifest-types.ts': header + types,
  'src/manifest/generated/manifest-schema.ts': `${header}
/** The JSON Schema of a manifest document. */
export const manifestSchema: Readonly<Record<string, unknown>> = ${JSON.stringify(schema)};\n`,
};

const stale = [];
for (const [path, text] of Object.entries(outputs)) {
  const formatted = execFileSync(
    process.execPath,
    [`${root}node_modules/@biomejs/biome/bin/biome`, 'format', `--stdin-file-path=${path}`],
    { cwd: root, input: text, encoding: 'utf8' },
  );
  if (!process.argv.includes('--check')) writeFileSync(`${root}${path}`, formatted);
  else if (readFileSync(`${root}${path}`, 'utf8') !== formatted) stale.push(path);
}
if (stale.length > 0) {
  console.error(`not up to date: ${stale.join(', ')} — run: node scripts/generate-types.mjs`);
  process.exitCode = 1;
}
