// Owns: that the Docker adapter keeps the contract of the engine port, on the Docker Engine of this machine.
import { engineContract } from '../support/engine-contract.js';
import { makeDockerWorld } from './support/docker-world.js';

engineContract('Docker', () => makeDockerWorld('contract'));
