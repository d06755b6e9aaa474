/**
 * `alicia validate`: every problem of the manifests with its position. Needs no Docker.
 * Owns: the counts and the three forms of output. Must not know: engines, controllers.
 */
import { parseManifests } from '../manifest/parse.js';
import { resolveManifests } from '../manifest/resolve.js';
import type { PolicyNeeds } from '../model/policy.js';
import { printable, printableJson } from '../model/printable.js';
import type { Problem } from '../model/problem.js';
import { choiceOption, configOf, type Invocation } from './invocation.js';
import { oneLine, type Paint, paintFor } from './paint.js';
import { intakeOptionsOf, manifestFilesOf } from './read-manifests.js';
import { countOf } from './render-plan.js';
import { linesOfProblem, type Sources, sourcesOf } from './render-problems.js';
import { renderNeeds } from './tell-needs.js';
import { writeLines } from './terminal.js';

/** What a look at the directories counts. */
export interface ValidationReport {
  readonly problems: readonly Problem[];
  /** Documents that are ours. */
  readonly manifests: number;
  /** Services that would run as declared. */
  readonly services: number;
  /** YAML and JSON documents that are not ours: left alone. */
  readonly foreign: number;
  /** What `--allow` would have to name; null: nothing. */
  readonly needs: PolicyNeeds | null;
  readonly sources: Sources;
}

/** Exit code 1 when a manifest is in error; warnings alone are no error. */
export async function validate(invocation: Invocation): Promise<number> {
  const { terminal, words } = invocation;
  const form = choiceOption(invocation, 'output', ['text', 'json', 'github']);
  const config = configOf(invocation, words);
  const scan = await manifestFilesOf(config, terminal).scan();
  const parsed = parseManifests(scan);
  const resolution = resolveManifests({ ...intakeOptionsOf(config, terminal, null), parsed });
  const report: ValidationReport = {
    problems: resolution.problems,
    manifests: parsed.files.reduce((sum, file) => sum + file.documents.length, 0),
    services: resolution.services.size,
    foreign: parsed.foreign,
    needs: resolution.needs,
    sources: sourcesOf(scan),
  };
  if (form === 'json') terminal.stdout.write(renderValidationJson(report));
  else if (form === 'github') writeLines(terminal.stdout, renderWorkflowCommands(report));
  else writeLines(terminal.stdout, renderValidation(report, paintFor(terminal.stdout, terminal.environment)));
  return countErrors(report.problems) > 0 ? 1 : 0;
}

/** Problems in the order of their places, then the counts, then what would have to be allowed. */
export function renderValidation(report: ValidationReport, paint: Paint): readonly string[] {
  const { problems, sources, needs } = report;
  return [
    ...problems.flatMap((problem) => linesOfProblem(problem, sources, paint)),
    countsOf(report),
    ...renderNeeds(needs).map(oneLine),
  ];
}

/** The stable shape of `validate -o json`. */
export function renderValidationJson(report: ValidationReport): string {
  const { problems, manifests, services, foreign, needs } = report;
  const errors = countErrors(problems);
  const counts = { errors, warnings: problems.length - errors, manifests, services, foreign };
  return `${printableJson({ problems, ...counts, needs })}\n`;
}

/** Annotations for GitHub Actions; the counts, and what would have to be allowed, as notices. */
export function renderWorkflowCommands(report: ValidationReport): readonly string[] {
  const lines = report.problems.map(({ severity, file, line, column, code, message }) => {
    const place = line === 0 ? '' : `,line=${line},col=${column}`;
    return `::${severity} file=${escapeProperty(printable(file))}${place},title=${code}::${escapeData(printable(message))}`;
  });
  const notices = [countsOf(report), ...renderNeeds(report.needs).map(oneLine)];
  return [...lines, ...notices.map((text) => `::notice::${escapeData(text)}`)];
}

function countsOf({ problems, manifests, services, foreign }: ValidationReport): string {
  const errors = countErrors(problems);
  const found = [
    countOf(manifests, 'manifest'),
    countOf(services, 'good service'),
    countOf(errors, 'error'),
    countOf(problems.length - errors, 'warning'),
  ];
  const left = foreign === 0 ? '' : `; ${countOf(foreign, 'other document')} left alone`;
  return `${found.join(', ')}${left}`;
}

const countErrors = (problems: readonly Problem[]): number =>
  problems.filter(({ severity }) => severity === 'error').length;

const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
