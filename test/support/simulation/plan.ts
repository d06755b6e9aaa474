/**
 * The plan for a simulated world as it is now, made as `alicia plan` makes it: without a controller.
 * Owns: asking the forecast. Must not know: any rule.
 */
import { forecast } from '../../../src/core/forecast.js';
import type { Plan } from '../../../src/model/plan.js';
import { contextBeside } from './status-beside.js';
import type { SimulatedWorld } from './world.js';

/** What would be done. */
export const planFor = async (world: Pick<SimulatedWorld, 'files' | 'engine' | 'clock'>): Promise<Plan> =>
  forecast(await contextBeside(world));
