/**
 * Who is not as declared.
 */
import { printable } from '../model/printable.js';
import { isSettled, type ServiceStatus } from '../model/status.js';
import { whatIsWrong } from './render-status.js';

/** One line a service: its axes and the reason. */
export function renderUnsettled(statuses: readonly ServiceStatus[]): readonly string[] {
  return statuses
    .filter((each) => !isSettled(each))
    .map(
      (each) =>
        `  ${printable(each.service)}  ${each.health}, ${each.sync}  ${whatIsWrong(each) || each.state}`,
    );
}
