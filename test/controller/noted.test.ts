// Owns: what is found to be other than it was.
import { expect, test } from 'vitest';
import {
  createNoted,
  declaredObjects,
  differing,
  noteObjects,
  notePresence,
} from '../../src/controller/noted.js';
import { createObservedStore, setContainer } from '../../src/controller/observed-store.js';
import { serviceName } from '../../src/model/ids.js';
import { keys } from '../../src/model/step.js';
import { parseDesired } from '../support/decision-desired.js';
import { containerOf } from '../support/probes.js';

test('1.1 that the first container of a service came must be noted once, and that its last one went', () => {
  const noted = createNoted();
  const observed = createObservedStore();
  const [web, db] = [serviceName('web'), serviceName('db')];
  const note = () => notePresence(noted, observed, [web, db]);
  expect(note()).toEqual([]);
  setContainer(observed, { kind: 'ours', container: containerOf('web', 'a') });
  expect([note(), note()]).toEqual([[web], []]);
  setContainer(observed, { kind: 'ours', container: containerOf('web', 'b') });
  expect(note()).toEqual([]);
  observed.services.delete(web);
  setContainer(observed, { kind: 'ours', container: containerOf('db', 'c') });
  expect([note(), note()]).toEqual([[web, db], []]);
});

test('1.1 before manifests are known no object must be declared', () => {
  expect([...declaredObjects(null)]).toEqual([]);
  const declared = declaredObjects(parseDesired('web: {image: "web:1"}'));
  expect([...differing(declaredObjects(null), declared)]).toEqual([...declared.keys()]);
  expect([...differing(declared, declared)]).toEqual([]);
});

test('1.1 an object that came, that is other, and that went must be noted', () => {
  const noted = createNoted();
  const observed = createObservedStore();
  const note = (): readonly string[] => [...noteObjects(noted, observed)];
  const image = { id: 'sha256:1', version: null, hasHealthcheck: false };
  observed.images.set('web:1', image);
  expect([note(), note()]).toEqual([[keys.image('web:1')], []]);
  observed.images.set('web:1', { ...image, id: 'sha256:2' });
  expect([note(), note()]).toEqual([[keys.image('web:1')], []]);
  observed.images.set('db:1', image);
  observed.images.delete('web:1');
  expect([...note()].sort()).toEqual([keys.image('db:1'), keys.image('web:1')]);
});
