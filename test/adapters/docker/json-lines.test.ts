// Owns: that a stream of JSON lines is decoded whole, however its bytes are cut.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonLines } from '../../../src/adapters/docker/json-lines.js';

function decode(chunks: readonly Uint8Array[], maxBytes?: number): unknown[] {
  const values: unknown[] = [];
  const lines = createJsonLines((value) => values.push(value), maxBytes);
  for (const chunk of chunks) lines.push(chunk);
  return values;
}

describe('JSON lines', () => {
  it('must decode the same values wherever the bytes are cut, characters of many bytes included', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }), number: fc.integer() })),
        fc.array(fc.nat(1000)),
        (values, cuts) => {
          const bytes = Buffer.from(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
          const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
          const edges = [0, ...places, bytes.length];
          const chunks = edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
          expect(decode(chunks)).toEqual(values);
        },
      ),
    );
  });

  it('must not tell a value before its line has ended', () => {
    expect(decode([Buffer.from('{"a":1}')])).toEqual([]);
  });

  it('must go on after a line that is no JSON, and after empty ones', () => {
    expect(decode([Buffer.from('nonsense\n\n\r\n{"a":1}\r\n')])).toEqual([{ a: 1 }]);
  });

  it('must drop a line over the bound, however it is cut, and go on with the next', () => {
    const long = Buffer.from(`"${'x'.repeat(50)}"\n{"a":1}\n`);
    expect(decode([long], 20)).toEqual([{ a: 1 }]);
    expect(decode([long.subarray(0, 15), long.subarray(15, 30), long.subarray(30)], 20)).toEqual([{ a: 1 }]);
  });
});
