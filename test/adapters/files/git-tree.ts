/**
 * Real git repositories for the tests of the file adapter.
 * Owns: running git without the settings of whoever runs the tests.
 */
import { execFileSync } from 'node:child_process';
import { type Tree, tempTree } from './tree.js';

const SETTINGS = ['user.name=Test', 'user.email=test@example.org', 'commit.gpgsign=false'];

/** Runs git in a folder and returns what it printed, trimmed. */
export function git(folder: string, ...args: readonly string[]): string {
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', [...settings, '-C', folder, ...args], { env, encoding: 'utf8' }).trim();
}

/** A repository whose first commit is this tree. */
export function gitTree(tree: Tree): string {
  const folder = tempTree(tree);
  git(folder, 'init', '-q', '-b', 'main');
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'first');
  return folder;
}
