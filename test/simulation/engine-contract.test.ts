// Owns: that the simulated engine keeps the contract of the engine port, as real Docker does.
import { makeSimulatedWorld } from '../support/engine-contract/simulated-world.js';
import { engineContract } from '../support/engine-contract.js';

engineContract('simulated', () => Promise.resolve(makeSimulatedWorld()));
