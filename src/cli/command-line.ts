/**
 * The command line: words to one command, and errors to sentences.
 * Owns: commander. Must not know: what any command does.
 */
import { Command, CommanderError, Option } from 'commander';
import { EngineError } from '../controller/ports.js';
import { FLAGS } from '../flags.js';
import { dotted } from '../model/printable.js';
import { CommandError } from './command-error.js';
import { COMMANDS, type CommandEntry } from './command-table.js';
import type { Invocation } from './invocation.js';
import { oneLine } from './paint.js';
import { hasColor, type Terminal } from './terminal.js';
import { readVersion } from './version.js';

/** Runs what was typed (without the program's own name); resolves with the exit code and never rejects. */
export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  const program = createProgram(terminal, async (entry, invocation) => {
    const command = await entry.load();
    exitCode = await command(invocation);
  });
  try {
    await program.parseAsync(words.length === 0 ? ['help'] : [...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    return tellFailure(error, terminal);
  }
}

type Runner = (entry: CommandEntry, invocation: Invocation) => Promise<void>;

function createProgram(terminal: Terminal, runner: Runner): Command {
  const { stdout, stderr, environment } = terminal;
  const program = new Command('alicia');
  program
    .description('A declarative reconciler for plain Docker: a directory of manifests says what should run.')
    .usage('<command> [options]')
    .version(readVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .enablePositionalOptions()
    .exitOverride()
    .configureHelp({ sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns,
      getErrHelpWidth: () => stderr.columns,
      getOutHasColors: () => hasColor(stdout, environment),
      getErrHasColors: () => hasColor(stderr, environment),
      outputError: (text, write) => write(`alicia: ${text.replace(/^error: /, '')}`),
    })
    .addHelpText(
      'after',
      `\nEvery flag is also a variable: --log-level is ALICIA_LOG_LEVEL.\n\nExamples:\n${exampleLines([
        ['alicia validate', 'check ./manifests'],
        ['alicia plan', 'what would be done'],
        ['alicia apply', 'do it once'],
        ['alicia run', 'keep it so'],
      ])}`,
    );
  for (const entry of COMMANDS) program.addCommand(createCommand(entry, program, terminal, runner));
  return program;
}

function createCommand(entry: CommandEntry, program: Command, terminal: Terminal, runner: Runner): Command {
  const command = new Command(entry.name);
  command.copyInheritedSettings(program);
  command.summary(entry.summary).description(`${capitalised(entry.summary)}.\n\n${entry.details}`);
  if (entry.words !== '') command.argument(entry.words, entry.wordsHelp);
  for (const { flags, help } of entry.options) command.option(flags, help);
  for (const flag of FLAGS) {
    const isShown = flag.supported && (entry.flags === 'all' || entry.flags.includes(flag.name));
    const text = flag.placeholder === null ? `--${flag.name}` : `--${flag.name} ${flag.placeholder}`;
    const option = new Option(text, flag.help);
    command.addOption(isShown ? option : option.hideHelp());
  }
  command.addHelpText('after', `\nExit codes: ${entry.exits}\n\nExamples:\n${exampleLines(entry.examples)}`);
  command.action(async () => {
    await runner(entry, { terminal, words: command.args, options: command.opts() });
  });
  return command;
}

function exampleLines(examples: readonly (readonly [string, string])[]): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return examples.map(([line, meaning]) => `  ${line.padEnd(width)}  # ${meaning}`).join('\n');
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Prints what ended a command; returns its exit code. */
function tellFailure(error: unknown, { stderr }: Terminal): number {
  if (error instanceof CommanderError) return error.exitCode;
  if (error instanceof CommandError) {
    stderr.write(`alicia: ${linesIn(error.message)}\n`);
    return error.exitCode;
  }
  if (error instanceof EngineError) {
    const isAway = error.failure.code === 'unreachable';
    const mend = isAway ? '; is Docker running, and is --docker-host or DOCKER_HOST right?' : '';
    stderr.write(`alicia: Docker: ${oneLine(error.message)}${mend}\n`);
    return 1;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`alicia: this should not happen, please report it: ${linesIn(text)}\n`);
  return 1;
}

/** The lines of a text of ours, whatever names from outside it holds. */
const linesIn = (text: string): string => text.split('\n').map(dotted).join('\n');
