/**
 * Health checks, restarts, pulls and rollouts of a service.
 */
import { describe, expect, test } from 'vitest';
import { serviceName } from '../../src/model/ids.js';
import { documents, problemsOfSpec, resolveSpec, resolveTexts, service } from './texts.js';

describe('healthcheck', () => {
  const none = {
    intervalMs: null,
    timeoutMs: null,
    retries: null,
    startPeriodMs: null,
    startIntervalMs: null,
  };
  test.each([
    ['{test: ["CMD", "/bin/true"]}', { kind: 'test', ...none, test: ['CMD', '/bin/true'] }],
    ['{test: wget -q localhost}', { kind: 'test', ...none, test: ['CMD-SHELL', 'wget -q localhost'] }],
    ['{test: ["CMD-SHELL", "a | b"]}', { kind: 'test', ...none, test: ['CMD-SHELL', 'a | b'] }],
    ['{test: ["NONE"]}', { kind: 'disabled' }],
    ['{test: NONE}', { kind: 'disabled' }],
    ['{disable: true, test: x}', { kind: 'disabled' }],
    ['{}', { kind: 'test', ...none, test: null }],
    ['', null],
    [
      '{interval: 1m30s, timeout: 500ms, retries: 5, start_period: 1.5s, start_interval: 2s}',
      {
        kind: 'test',
        test: null,
        intervalMs: 90_000,
        timeoutMs: 500,
        retries: 5,
        startPeriodMs: 1500,
        startIntervalMs: 2000,
      },
    ],
  ])('%s', (check, expected) => {
    expect(resolveSpec(`healthcheck: ${check}`).container.healthcheck).toEqual(expected);
  });
  test('a test without its first word, and an interval without its unit, are refused', () => {
    expect(problemsOfSpec('healthcheck: {test: [curl, localhost]}')).toEqual([
      '6:17: error: spec.healthcheck.test: expected ["CMD", program, …], ["CMD-SHELL", line] or ["NONE"], got "["curl","localhost"]" [BAD_VALUE]',
    ]);
    expect(problemsOfSpec('healthcheck: {interval: 5, timeout: 5 s}')).toEqual([
      '6:17: error: spec.healthcheck.interval: expected a text, got the number 5 — add the unit: 5s [WRONG_TYPE]',
      '6:30: error: spec.healthcheck.timeout: not a valid value: "5 s" — write something such as "5s" or "1m30s" [BAD_VALUE]',
    ]);
    expect(problemsOfSpec('healthcheck: {interval: 9999999999h}')).toEqual([
      '6:17: error: spec.healthcheck.interval: not a duration: "9999999999h" — at most ten years, such as "5s" [BAD_VALUE]',
    ]);
  });
});

describe('restart', () => {
  test.each([
    ['restart: no', 'no 0'],
    ['restart: "no"', 'no 0'],
    ['restart: always', 'always 0'],
    ['restart: unless-stopped', 'unless-stopped 0'],
    ['restart: on-failure', 'on-failure 0'],
    ['restart: on-failure:3', 'on-failure 3'],
    ['restart_policy: always', 'always 0'],
    ['restart: always\nrestart_policy: always', 'always 0'],
    ['', 'unless-stopped 0'],
    ['deploy: {restart_policy: {condition: none}}', 'no 0'],
    ['deploy: {restart_policy: {condition: any}}', 'unless-stopped 0'],
    ['deploy: {restart_policy: {condition: on-failure}}', 'on-failure 0'],
    ['deploy: {restart_policy: {condition: on-failure, max_attempts: 4}}', 'on-failure 4'],
    ['deploy: {restart_policy: {max_attempts: 4}}', 'unless-stopped 0'],
    ['restart: on-failure\ndeploy: {restart_policy: {max_attempts: 4}}', 'on-failure 4'],
    [
      'restart: on-failure:4\ndeploy: {restart_policy: {condition: on-failure, max_attempts: 4}}',
      'on-failure 4',
    ],
    ['restart: always\ndeploy: {restart_policy: {condition: any}}', 'always 0'],
    ['deploy: {restart_policy: }', 'unless-stopped 0'],
  ])('%s', (spec, printed) => {
    const { restart } = resolveSpec(spec).container;
    expect(`${restart.name} ${restart.maximumRetryCount}`).toBe(printed);
  });
  test('both names with different values are refused, and a boolean says what to write', () => {
    expect(problemsOfSpec('restart: always\nrestart_policy: on-failure')).toEqual([
      '7:3: error: spec.restart_policy: says another thing than restart — keep one of them [BAD_VALUE]',
    ]);
    expect(problemsOfSpec('restart: false')).toEqual([
      '6:3: error: spec.restart: expected a text, got the boolean false — write a text such as "unless-stopped" or "on-failure:3" or "no" [WRONG_TYPE]',
    ]);
  });
  test('6.2 max_attempts of deploy.restart_policy ends the restarts of an unhealthy replica', () => {
    const attemptsOf = (policy: string): number | null =>
      resolveSpec(`deploy: {restart_policy: ${policy}}`).maxAttempts;
    expect(attemptsOf('{max_attempts: 4}')).toBe(4);
    expect(attemptsOf('{condition: on-failure, max_attempts: 4}')).toBe(4);
    expect(attemptsOf('{condition: any}')).toBe(null);
    expect(attemptsOf('{max_attempts: 0}')).toBe(null);
  });
  test('restart and deploy.restart_policy may not say different things, and delay and window are not supported', () => {
    const told = (restart: string, policy: string): readonly string[] =>
      problemsOfSpec(`restart: ${restart}\ndeploy: {restart_policy: ${policy}}`);
    expect(told('always', '{condition: on-failure}')).toEqual([
      '7:29: error: spec.deploy.restart_policy.condition: on-failure, but spec.restart is always — keep one of them [BAD_VALUE]',
    ]);
    expect(told('"no"', '{condition: any}')).toEqual([
      '7:29: error: spec.deploy.restart_policy.condition: any, but spec.restart is no — keep one of them [BAD_VALUE]',
    ]);
    expect(told('on-failure:3', '{max_attempts: 4}')).toEqual([
      '7:29: error: spec.deploy.restart_policy.max_attempts: 4, but spec.restart is on-failure:3 — keep one of them [BAD_VALUE]',
    ]);
    expect(told('always', '{delay: 5s, window: 5s, max_attempts: -1}')).toEqual([
      '7:29: error: spec.deploy.restart_policy: field "delay" is not supported by this version yet — remove it [UNSUPPORTED]',
      '7:40: error: spec.deploy.restart_policy: field "window" is not supported by this version yet — remove it [UNSUPPORTED]',
      '7:52: error: spec.deploy.restart_policy.max_attempts: expected at least 0, got -1 [BAD_VALUE]',
    ]);
  });
  test('a service whose completion another one waits for runs once, unless it says otherwise', () => {
    const texts = {
      'a.yaml': documents(
        service('migrate'),
        service('daemon', 'image: tb\nrestart: on-failure'),
        service(
          'web',
          'image: tb\ndepends_on: {migrate: {condition: service_completed_successfully}, daemon: {condition: service_completed_successfully}}',
        ),
      ),
    };
    const { services } = resolveTexts(texts);
    expect(services.get(serviceName('migrate'))?.container.restart.name).toBe('no');
    expect(services.get(serviceName('daemon'))?.container.restart.name).toBe('on-failure');
  });
  test('a one-shot stays one while the manifest that waits for it is in error', () => {
    const waiting = service(
      'web',
      'image: tb\ndepends_on: {migrate: {condition: service_completed_successfully}}',
    );
    for (const broken of [waiting.replace('image', 'imagee'), `${waiting}\n  a: [`]) {
      const { services } = resolveTexts({ 'a.yaml': service('migrate'), 'b.yaml': broken });
      expect(services.get(serviceName('migrate'))?.container.restart.name).toBe('no');
    }
  });
});

describe('pull_policy', () => {
  test.each([
    ['always', { kind: 'always' }],
    ['never', { kind: 'never' }],
    ['missing', { kind: 'missing' }],
    ['if_not_present', { kind: 'missing' }],
    ['daily', { kind: 'every', periodMs: 86_400_000 }],
    ['weekly', { kind: 'every', periodMs: 604_800_000 }],
    ['every_12h', { kind: 'every', periodMs: 43_200_000 }],
    ['every_1d12h', { kind: 'every', periodMs: 129_600_000 }],
  ])('%s', (text, policy) => {
    expect(resolveSpec(`pull_policy: ${text}`).pullPolicy).toEqual(policy);
  });
  test('build and an empty period are refused', () => {
    expect(problemsOfSpec('pull_policy: build')).toEqual([
      '6:3: error: spec.pull_policy: "build" is not supported by this version yet — build the image, then name it [UNSUPPORTED]',
    ]);
    expect(problemsOfSpec('pull_policy: every_0s')).toEqual([
      '6:3: error: spec.pull_policy: not a period: "every_0s" — such as "every_12h" [BAD_VALUE]',
    ]);
  });
});

describe('deploy', () => {
  test('the update policy is read', () => {
    const spec =
      'deploy: {update_config: {parallelism: 0, delay: 2s, monitor: 10s, max_failure_ratio: 0.5, failure_action: pause, order: stop-first}}';
    expect(resolveSpec(spec).updatePolicy).toEqual({
      parallelism: 0,
      delayMs: 2000,
      monitorMs: 10_000,
      maxFailureRatio: 0.5,
      failureAction: 'pause',
      order: 'stop-first',
    });
  });
  test('deploy.replicas is another place for replicas, but not for another number', () => {
    expect(resolveSpec('deploy: {replicas: 3}').replicas).toBe(3);
    expect(resolveSpec('replicas: 3\ndeploy: {replicas: 3}').replicas).toBe(3);
    expect(problemsOfSpec('replicas: 2\ndeploy: {replicas: 3}')).toEqual([
      '7:12: error: spec.deploy.replicas: 3, but spec.replicas is 2 — keep one of them [BAD_VALUE]',
    ]);
  });
  test('4.2 a declared start-first that cannot work is an error', () => {
    const order = 'deploy: {update_config: {order: start-first}}';
    const reasons = [
      'ports: ["80:80"]',
      'ports: ["80-81:80"]\nreplicas: 2',
      'container_name: web',
      'networks: {alicia_bus_network: {ipv4_address: 10.0.0.9}}',
      'network_mode: host',
    ];
    expect(reasons.flatMap((reason) => problemsOfSpec(`${order}\n${reason}`))).toEqual(
      [
        'the fixed host port 80',
        'a range of 2 host ports, for it needs 3',
        'a literal container_name',
        'a fixed address',
        'host networking',
      ].map(
        (reason) =>
          `6:28: error: spec.deploy.update_config.order: start-first cannot work with ${reason} — use stop-first [BAD_VALUE]`,
      ),
    );
    expect(problemsOfSpec(`${order}\nports: ["80-82:80"]\nreplicas: 2\ncontainer_name: web`)).toEqual([]);
  });
});
