// Owns: the line of source that is shown with a problem, and what of it never is.
import { describe, expect, test } from 'vitest';
import { excerptOf } from '../../src/manifest/excerpt.js';

const shown = (text: string, line: number, column: number): string =>
  excerptOf(text, { line, column }).join('\n');

test('the line must be shown with its number, and a caret below the place', () => {
  expect(shown('a: 1\n  prots: ["80:80"]\n', 2, 3)).toBe('  2 |   prots: ["80:80"]\n    |   ^');
});

test('a tab must be as wide below as above', () => {
  expect(shown('\tb: 1\n', 1, 2)).toBe('  1 | \tb: 1\n    | \t^');
});

test('of a long line the part around the place must be shown', () => {
  const [source, caret] = excerptOf(`${'a'.repeat(200)}X${'b'.repeat(200)}`, { line: 1, column: 201 });
  expect(source).toMatch(/^ {2}1 \|…a+Xb+…$/);
  expect(source?.length).toBeLessThan(120);
  expect(caret?.indexOf('^')).toBe(source?.indexOf('X'));
});

test.each([
  ['no place', 'a: 1', 0, 0],
  ['a place beyond the end', 'a: 1', 9, 1],
  ['an empty line', 'a: 1\n\nb: 2', 2, 1],
])('%s must show nothing', (_title, text, line, column) => {
  expect(excerptOf(text, { line, column })).toEqual([]);
});

test('what would move the cursor or turn the writing must be shown as a dot', () => {
  expect(shown('a: "\u001b[2J\u202e\u0007x"', 1, 4)).toBe('  1 | a: "·[2J··x"\n    |    ^');
});

describe('9.4 a secret must not be shown', () => {
  test.each([
    ['DB_PASSWORD: hunter2'],
    ['  - DB_PASSWORD=hunter2'],
    ['environment: {A: 1, API_KEY: hunter2, B: 2}'],
    ['"auth_token": "hunter2"'],
    ['url: amqp://user:hunter2@bus:5672/'],
    ['PGPASSWORD=hunter2'],
  ])('%s', (line) => {
    expect(shown(line, 1, 1)).not.toContain('hunter2');
    expect(shown(line, 1, line.length)).not.toContain('hunter2');
    expect(shown(line, 1, 1)).toContain('[hidden]');
  });

  const SECRET = `apiVersion: alicia/v1
kind: Secret
metadata: {name: db}
spec:
  file: ./db.txt
  content: hunter2
  data: {user: hunter2}
  text: |
    hunter2: 1
    hunter2
--- # the next one
kind: Service
spec:
  secrets: [db, {source: db}]
  command: [open]
  configs:
  - open
  environment:
    secrets: [hunter2]
`;
  const lineOf = (line: number): string => /\|(.*)/.exec(shown(SECRET, line, 1))?.[1]?.trim() ?? '';
  test("nor anything that a secret's document holds but its name and its file", () => {
    expect([1, 2, 3, 4, 5].map(lineOf)).toEqual(
      SECRET.split('\n')
        .slice(0, 5)
        .map((line) => line.trim()),
    );
    expect([6, 7, 8, 9, 10].map(lineOf)).toEqual([
      'content: [hidden]',
      'data: [hidden]',
      'text: [hidden]',
      '[hidden]',
      '[hidden]',
    ]);
    expect(shown('{"apiVersion": "alicia/v1", "kind": "Secret", "x": "hunter2"}', 1, 1)).toContain(
      '"x": [hidden]',
    );
    expect(shown('kind: Secret\nspec: hunter2', 2, 1)).toContain('spec: [hidden]');
  });
  test('but names of secrets that a service reads are none', () => {
    expect([14, 15, 17].map(lineOf)).toEqual(['secrets: [db, {source: db}]', 'command: [open]', '- open']);
    expect(lineOf(19)).toBe('secrets: [hidden]');
    expect(shown('spec:\n  secrets:\n    - db\n    - source: db\n      target: /x', 5, 7)).toContain(
      'target: /x',
    );
    expect(shown('spec:\n  secrets:\n    db: hunter2', 3, 5)).not.toContain('hunter2');
  });

  test('nor a line of one that is many lines long', () => {
    const text = 'environment:\n  TLS_KEY: |\n    -----BEGIN\n    hunter2\n  B: 1\n';
    expect(shown(text, 4, 5)).toBe('  4 |     [hidden]\n    |     ^');
    expect(shown(text, 5, 3)).toContain('B: 1');
  });
});
