/**
 * One call of one command.
 * Owns: its shape, and how its words become a configuration. Must not know: any command.
 */
import { type Config, parseConfig } from '../config.js';
import { parseDuration } from '../flags.js';
import { CommandError } from './command-error.js';
import type { Terminal } from './terminal.js';

/** What a command is called with. */
export interface Invocation {
  readonly terminal: Terminal;
  /** Arguments that are no options, in order. */
  readonly words: readonly string[];
  /** By commander's name: `logLevel` for `--log-level`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Runs a command to its end; resolves with the exit code. */
export type CommandFunction = (invocation: Invocation) => Promise<number>;

/** The configuration of a command. Throws a {@link CommandError} that names every problem. */
export function configOf({ terminal, options }: Invocation, directories: readonly string[] = []): Config {
  const { environment, readFile, hostname } = terminal;
  const result = parseConfig({ flags: options, environment, readFile, hostname, directories });
  if (result.kind === 'config') return result.config;
  throw new CommandError(result.problems.join('\nalicia: '));
}

/** A duration among the options of a command, in milliseconds; longer than zero. */
export function durationOption({ options }: Invocation, name: string, fallback: string): number {
  const text = String(options[name] ?? fallback);
  const value = parseDuration(text);
  if (value === null || value <= 0)
    throw new CommandError(`--${name}: expected a duration such as 5m or 30s, got "${text}"`);
  return value;
}

/** An option that has one of a few values. */
export function choiceOption<const Choice extends string>(
  { options }: Invocation,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const given = options[name];
  if (given === undefined) return choices[0];
  const choice = choices.find((each) => each === given);
  if (choice !== undefined) return choice;
  throw new CommandError(`--${name}: expected one of ${choices.join(', ')}, got "${String(given)}"`);
}

/** Whether a switch was given. */
export const isOn = ({ options }: Invocation, name: string): boolean => options[name] === true;
