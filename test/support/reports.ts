/**
 * A controller that answers what the test wants.
 */
import type { ControllerReports } from '../../src/adapters/http/app.js';
import type { ControllerReport } from '../../src/controller/ports.js';
import { sampleOrchestrator, sampleStatus } from './samples.js';

/** The report of a controller that has nothing to do. */
export const sampleReport: ControllerReport = {
  orchestrator: sampleOrchestrator,
  digest: 'sha256:00',
  manifests: ['/srv/manifests'],
  pid: 42,
  problems: [],
  recent: [],
};

/** Reports of a controller with the services `db` and `web`. */
export const sampleReports = (change: Partial<ControllerReports> = {}): ControllerReports => ({
  isAlive: () => true,
  isReady: () => true,
  orchestrator: () => sampleOrchestrator,
  digest: () => 'sha256:00',
  problems: () => [],
  services: () => [sampleStatus('db'), sampleStatus('web')],
  plan: () => ({
    steps: [],
    waiting: [],
    summary: { create: 0, update: 0, replace: 0, remove: 0, restart: 0, unchanged: 2 },
  }),
  controller: () => sampleReport,
  ...change,
});
