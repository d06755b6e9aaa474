// Owns: the named mutants: the classic mistakes of reconcilers, each as one change of the source. Must not know: how they
// are tried.
//
// `find` must occur exactly once in `file`. `decision` and `simulation` are the test files that must catch it; a mutant
// that no simulation can see says why in `unseen`.

const classic = 'test/simulation/classic-mistakes.test.ts';

/** Each a mistake that somebody has made in a reconciler before. */
export const mutants = [
  {
    name: 'hash of another form than was stored',
    file: 'src/core/wanted.ts',
    find: 'if (hash === present || earlierHashes.includes(hash)) return true;',
    replace:
      "if (hash === present.slice(present.indexOf(':') + 1) || earlierHashes.includes(hash)) return true;",
    decision: ['test/core/drift.test.ts'],
    simulation: ['test/simulation/fixed-point.test.ts'],
  },
  {
    name: '409 always taken for success',
    file: 'src/controller/executor.ts',
    find: "    return failure.code === 'unknownOutcome'",
    replace: `    if (failure.code === 'nameInUse') return { kind: 'done' };
    return failure.code === 'unknownOutcome'`,
    decision: ['test/controller/executor.test.ts'],
    simulation: ['test/simulation/failures.test.ts'],
  },
  {
    name: 'edge to the last replica only',
    file: 'src/core/gate.ts',
    find: 'const met = slots.filter((slot) => isMet(slot, dependency, target, context)).length;',
    replace:
      'const met = slots.slice(-1).filter((slot) => isMet(slot, dependency, target, context)).length * target.replicas;',
    decision: ['test/core/gate.test.ts'],
    simulation: [classic],
  },
  {
    name: 'floor for ceil',
    file: 'src/adapters/docker/create-body.ts',
    find: 'Math.ceil(ms / 1000)',
    replace: 'Math.floor(ms / 1000)',
    decision: ['test/adapters/docker/create-body.test.ts'],
    simulation: [],
    unseen: 'the adapter rounds; the simulated engine counts in ms',
  },
  {
    name: 'ceil for floor, in a bound on failures',
    file: 'src/core/rollout-verdict.ts',
    find: 'failures.length <= maxFailureRatio * service.replicas',
    replace: 'failures.length <= Math.ceil(maxFailureRatio * service.replicas)',
    decision: ['test/core/rollout-failure.test.ts'],
    simulation: [classic],
  },
  {
    name: 'stop before ready',
    file: 'src/core/rollout.ts',
    find: 'isLive(old) && isProven(fresh, context.service, context),',
    replace: 'isLive(old) && (isLive(fresh) || isProven(fresh, context.service, context)),',
    decision: ['test/core/rollout-start-first.test.ts'],
    simulation: [classic],
  },
  {
    name: 'delete on parse error',
    file: 'src/manifest/intake.ts',
    find: 'for (const key of file.held) stay.set(key, because);',
    replace: 'for (const key of file.holds) stay.set(key, because);',
    decision: ['test/manifest/intake.test.ts'],
    simulation: ['test/simulation/safety.test.ts'],
  },
  {
    name: 'dependants released after a failure',
    file: 'src/core/gate.ts',
    find: "verdictOf(slot.current, target, own) === 'completed'",
    replace: 'verdictOf(slot.current, target, own) !== null',
    decision: ['test/core/gate.test.ts'],
    simulation: [classic],
  },
  {
    name: 'evidence ignored',
    file: 'src/core/slots.ts',
    find: "    good.find((container) => roleOfName(container.name) === 'failed') ??\n",
    replace: '',
    decision: ['test/core/fresh-process.test.ts'],
    simulation: ['test/simulation/rollback.test.ts'],
  },
  {
    name: 'relist forgotten after reconnect',
    file: 'src/controller/observer.ts',
    find: '    const change = await listOnce(parts);\n    if (change === null || !isMine()) return;',
    replace:
      '    const change = parts.isFirst ? await listOnce(parts) : { services: [], objects: true };\n    if (change === null || !isMine()) return;',
    decision: ['test/controller/observer.test.ts'],
    simulation: ['test/simulation/failures.test.ts'],
  },
  {
    name: 'lost reply repeated blindly',
    file: 'src/controller/pass.ts',
    find: '    await lookAfter(parts, step);\n    say(',
    replace: "    if (outcome.kind !== 'unknown') await lookAfter(parts, step);\n    say(",
    decision: ['test/controller/pass.test.ts'],
    simulation: [classic],
  },
  {
    name: 'restart of what maintenance holds',
    file: 'src/core/decide-service.ts',
    find: 'const { moves, verdict } = service.maintenance\n',
    replace:
      "const { moves, verdict } = service.maintenance && !containers.some(({ status }) => status === 'exited')\n",
    decision: ['test/core/maintenance.test.ts'],
    simulation: [classic],
  },
  {
    name: 'prune on a first scan',
    file: 'src/core/prune.ts',
    find: 'allowed: new Set(isUnconfirmed ? [] : free)',
    replace: 'allowed: new Set(free)',
    decision: ['test/core/remove.test.ts'],
    simulation: ['test/simulation/safety.test.ts'],
  },
];
