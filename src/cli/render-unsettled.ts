/**
 * Who is not as declared.
 */
import { isSettled, type ServiceStatus } from '../model/status.js';
import { whatIsWrong } from './render-status.js';

/** One line a service: its axes and the reason. */
export function renderUnsettled(statuses: readonly ServiceStatus[]): readonly string[] {
  return statuses
    .filter((each) => !isSettled(each))
    .map((each) => `  ${each.service}  ${each.health}, ${each.sync}  ${whatIsWrong(each) || each.state}`);
}
