/**
 * Sizes as Compose writes them.
 * Owns: their syntax. Must not know: what is measured.
 */

const SIZE = /^(\d+(?:\.\d+)?) ?(?:([kmgt])i?)?b?$/i;
const UNITS = ['', 'k', 'm', 'g', 't'];

/** Bytes of `512m`, `1gb` or `4096`, every unit being 1024 times the one before; null when it is no size or too large a one. */
export function parseSize(text: string): number | null {
  const found = SIZE.exec(text);
  if (found === null) return null;
  const unit = UNITS.indexOf((found[2] ?? '').toLowerCase());
  const bytes = Math.floor(Number(found[1]) * 1024 ** unit);
  return Number.isSafeInteger(bytes) ? bytes : null;
}
