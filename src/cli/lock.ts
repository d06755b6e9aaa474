/**
 * At most one process works on a project of an engine.
 * Owns: holding the control socket while we do, and what is answered on it. Must not know: HTTP, what the work is.
 */

import type { ControllerReports } from '../adapters/http/app.js';
import { type Hold, holdControlSocket } from '../adapters/http/control-socket.js';
import { LIMITS } from '../config.js';
import type { Controller } from '../controller/api.js';
import type { Log } from '../controller/ports.js';
import type { OrchestratorState } from '../model/orchestrator.js';

/** The answers of a controller, with what it does not know itself: how the bus does. */
export function reportsOf(controller: Controller, bus: () => OrchestratorState['mqtt']): ControllerReports {
  const orchestrator = (): OrchestratorState => ({ ...controller.orchestrator(), mqtt: bus() });
  return {
    isAlive: () => controller.isAlive(),
    isReady: () => controller.isReady(),
    orchestrator,
    digest: () => controller.digest(),
    problems: () => controller.problems(),
    services: () => controller.services(),
    plan: () => controller.plan(),
    controller: () => ({ ...controller.report(), orchestrator: orchestrator() }),
  };
}

/** Takes the socket. Null: another controller holds it. Where there can be none it is said, and gone without. */
export async function holdProject(options: {
  readonly engineId: string;
  readonly project: string;
  readonly reports: ControllerReports;
  readonly log: Log;
}): Promise<{ close(): Promise<void> } | null> {
  const hold: Hold = await holdControlSocket({ ...options, limits: LIMITS.http });
  if (hold.kind === 'held') return hold;
  if (hold.kind === 'taken') return null;
  options.log.warn(
    { reason: hold.message },
    'The control socket cannot be held: other commands will not find this one',
  );
  return { close: async () => {} };
}

/** The bus of a command that has none. */
export const noBus = (): OrchestratorState['mqtt'] => ({ queued: 0, dropped: 0 });
