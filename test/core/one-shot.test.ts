// Owns: services that run to an end.
import { describe, expect, test } from 'vitest';
import { emptyMemory } from '../../src/core/memory.js';
import { afterSteps, type Pass, pass, settledMemory } from '../support/decision.js';

const job = (restart: string): string => `job: {image: job:1, restart: ${restart}}`;
const ended = (manifests: string, docker: string, killed = false): Pass => {
  const scene = { manifests, docker, ...(killed ? { killed: ['job-1'] } : {}) };
  const seen = pass({ manifests, docker: 'job-1 running', at: 999 });
  return pass({ ...scene, at: 1003, memory: pass({ ...scene, memory: seen.memory }).memory });
};

describe('6.4 a run that was cut off', () => {
  test.each(['"no"', 'on-failure'])(
    '6.4 under %s an end after a signal from outside must be run again',
    (restart) => {
      expect(ended(job(restart), 'job-1 exited exit=137', true).lines).toEqual([
        'start container job-1  its run was cut off',
      ]);
      expect(ended(job(restart), 'job-1 exited exit=0', true).lines).toEqual([
        'start container job-1  its run was cut off',
      ]);
    },
  );

  test('6.4 an end that Docker did not see must be run again, three times at most', () => {
    const manifests = job('"no"');
    let memory = settledMemory;
    let starts = 0;
    for (let run = 0; run < 6; run += 1) {
      // Each run is seen to have ended, and once more when that counts.
      for (const at of [1000 + run * 10, 1003 + run * 10]) {
        const found = pass({ manifests, docker: `job-1 exited exit=255 ended=${60 - run * 10}`, at, memory });
        starts += found.lines.length;
        memory = afterSteps(found);
      }
    }
    expect(starts).toBe(3);
    const last = pass({ manifests, docker: 'job-1 exited exit=255 ended=10', at: 1060, memory });
    expect(last.status('job')).toContain(
      'failed Synced Degraded StartFailed: it ended with an error: exited 255',
    );
  });

  test.each(['exit=137', 'exit=143'])(
    '6.4 what a fresh process finds ended by a signal (%s) must be run again: the machine went down',
    (end) => {
      const docker = `job-1 exited ${end}`;
      const found = pass({ manifests: job('"no"'), docker, memory: emptyMemory });
      const after = { manifests: job('"no"'), docker, at: 1003, memory: found.memory };
      expect(pass(after).lines).toEqual(['start container job-1  its run was cut off']);
      // Who has seen it end by itself knows better, and so does the kernel that ran out of memory.
      expect(ended(job('"no"'), docker).status('job')).toContain('failed');
      const oom = pass({ manifests: job('"no"'), docker: `${docker} oom`, memory: emptyMemory });
      expect(pass({ ...after, docker: `${docker} oom`, memory: oom.memory }).lines).toEqual([]);
    },
  );

  test('6.4 what had ended by a signal before its service was declared must be run again, too', () => {
    const docker = 'job-1 exited exit=137';
    const empty = pass({ manifests: '{}', docker, at: 990 });
    const found = pass({ manifests: job('"no"'), docker, memory: empty.memory });
    expect(pass({ manifests: job('"no"'), docker, at: 1003, memory: found.memory }).lines).toEqual([
      'start container job-1  its run was cut off',
    ]);
  });

  test('6.4 what ended while the engine was away must be run again, although its manifest was away, too', () => {
    const before = pass({ manifests: job('"no"'), docker: 'job-1 created id=job-1', at: 980 });
    const away = pass({
      manifests: '{}',
      docker: 'job-1 exited exit=137 id=job-1',
      at: 990,
      memory: { ...before.memory, amnesty: true },
    });
    const scene = { manifests: job('"no"'), docker: 'job-1 exited exit=137 id=job-1' };
    const found = pass({ ...scene, memory: { ...away.memory, amnesty: false } });
    expect(pass({ ...scene, at: 1003, memory: found.memory }).lines).toEqual([
      'start container job-1  its run was cut off',
    ]);
  });

  test('6.4 a stop of our own must be no signal from outside', () => {
    const edited = { manifests: job('"no"'), docker: 'job-1 running' };
    expect(pass(edited).lines).toEqual([]);
    expect(ended(job('"no"'), 'job-1 exited exit=1').lines).toEqual([]);
    expect(ended(job('"no"'), 'job-1 exited exit=1').status('job')).toContain('failed');
  });
});

describe('6.3 who starts what is exited', () => {
  test('6.3 under on-failure an end with 0 must be a completion, another one be tried again', () => {
    expect(ended(job('on-failure'), 'job-1 exited exit=0').status('job')).toBe('stopped Synced Completed');
    expect(ended(job('on-failure'), 'job-1 exited exit=3').lines).toEqual([
      'start container job-1  exited 3',
    ]);
  });

  test('6.3 under on-failure with a limit as many restarts must be a failure', () => {
    expect(ended(job('"on-failure:2"'), 'job-1 exited exit=3 restarts=2').lines).toEqual([]);
    expect(ended(job('"on-failure:2"'), 'job-1 exited exit=3 restarts=2').status('job')).toContain(
      'failed Synced Degraded',
    );
    expect(ended(job('"on-failure:2"'), 'job-1 exited exit=3 restarts=1').lines).toEqual([
      'start container job-1  exited 3',
    ]);
  });

  test('6.3 under no an end must be a result', () => {
    expect(ended(job('"no"'), 'job-1 exited exit=3').lines).toEqual([]);
    expect(ended(job('"no"'), 'job-1 exited exit=3').status('job')).toContain(
      'remove the container to run it again',
    );
  });

  test('6.3 another spec must be run anew, its old container removed', () => {
    expect(ended(job('"no"'), 'job-1 other exited exit=0').lines).toEqual([
      'remove container job-1 (other)  its spec changed',
    ]);
  });
});

describe('4.5 a result is nothing to go back to', () => {
  const daemon = '{db: {image: db:1, replicas: 0}, job: {image: job:2, depends_on: [db]}}';
  const { memory } = ended(job('"no"'), 'job-1 exited exit=0 id=a');

  test('4.8 a job that is to go on from now must not be run again while its update cannot begin', () => {
    const docker = 'job-1 other exited exit=0 policy=no id=a';
    expect(pass({ manifests: daemon, docker, memory, at: 1010 }).lines).toEqual([]);
  });

  test('4.5 nor when its new spec has failed', () => {
    const docker = 'job-1-old other exited exit=0 policy=no id=a\njob-1-failed exited policy=no';
    const manifests = 'job: {image: job:2}';
    expect(pass({ manifests, docker, memory, at: 1010 }).lines).toEqual([
      'remove container job-1 (other)  it could not be started again',
    ]);
  });
});
