/**
 * The version of this program.
 */
import { readFileSync } from 'node:fs';

/** As package.json has it. */
export function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const parsed: unknown = JSON.parse(text);
  const isRecord = typeof parsed === 'object' && parsed !== null && 'version' in parsed;
  return isRecord && typeof parsed.version === 'string' ? parsed.version : '0.0.0';
}
