// Secrets and configs on Docker: their files are read in containers, edited, and lost.
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe } from 'vitest';
import { eventually } from '../support/eventually.js';
import {
  lives,
  object,
  of,
  PATIENCE_MS,
  type RunningController,
  readyOf,
  type Spec,
  service,
  type TestProject,
  test,
} from './support/project.js';

/** A service that reads both. */
const reader = (spec: Spec = {}): Spec =>
  service('reader', { ...spec, secrets: ['x'], configs: [{ source: 'settings', target: 'app_config' }] });
const declared: readonly Spec[] = [
  object('Secret', 'x', { file: 'x.bin' }),
  object('Config', 'settings', { file: './settings.ini' }),
];

/** What a container of the service reads, once there is one beside those of before. */
async function readAnew(
  project: TestProject,
  ...before: readonly string[]
): Promise<{ readonly id: string; readonly secret: string; readonly config: string }> {
  const { id } = await project.until('another container reads', (seen) =>
    readyOf(seen, 'reader').find((each) => !before.includes(each.id)),
  );
  const secret = await project.engine.execute(id, ['hexdump', '-ve', '1/1 "%02x"', '/run/secrets/x']);
  const config = await project.engine.execute(id, ['cat', '/app_config']);
  return { id, secret: secret.trim(), config: config.trim() };
}

const revisionOf = async (controller: RunningController): Promise<string> =>
  (await controller.report()).orchestrator.revision;

describe.concurrent('7.8 a service with a secret and a config', () => {
  test('must read both, never write them, and be replaced when one of them is edited', async ({
    project,
    expect,
  }) => {
    const secret = join(project.folder, 'x.bin');
    await writeFile(secret, Uint8Array.of(0, 255, 1));
    await project.write('settings.ini', 'a = 1');
    await project.write('declared.yaml', ...declared);
    await project.write('reader.yaml', reader(), service('rest'));
    await project.run();
    const rest = lives(
      await project.until(
        'the other one runs',
        (seen) => readyOf(seen, 'rest').length === 1 && of(seen, 'rest'),
      ),
    );
    const first = await readAnew(project);
    expect(first).toMatchObject({ secret: '00ff01', config: 'a = 1' });
    const write = 'echo y > /run/secrets/x || echo refused';
    expect(await project.engine.execute(first.id, ['sh', '-c', write])).toContain('refused');

    await writeFile(secret, Uint8Array.of(0, 254, 1));
    const second = await readAnew(project, first.id);
    expect(second).toMatchObject({ secret: '00fe01', config: 'a = 1' });

    // As editors save: another file under the same name.
    await project.write('.settings.new', 'a = 2');
    await rename(join(project.folder, '.settings.new'), join(project.folder, 'settings.ini'));
    expect(await readAnew(project, first.id, second.id)).toMatchObject({ secret: '00fe01', config: 'a = 2' });
    expect(lives(of(await project.engine.containers(), 'rest'))).toEqual(rest);
  });

  test('must run on as it was when a file is lost, and say so, until it is back', async ({
    project,
    expect,
  }) => {
    await project.write('x.bin', 'first');
    await project.write('settings.ini', 'a = 1');
    await project.write('declared.yaml', ...declared);
    await project.write('reader.yaml', reader());
    const controller = await project.run();
    const { id } = await readAnew(project);
    const before = lives(of(await project.engine.containers(), 'reader'));

    await project.erase('x.bin');
    const { message } = await eventually(
      async () => {
        const status = await controller.service('reader');
        return status.reason === 'InvalidManifest' && status;
      },
      { timeoutMs: PATIENCE_MS, describe: 'the lost file is told' },
    );
    expect(message).toContain('the secret "x" is declared by a manifest in error');
    const { stdout } = await project.command(['validate']);
    expect(stdout).toMatch(
      /declared\.yaml:6:3: error: spec\.file: there is no file "x\.bin" .*\[MISSING_FILE\]/,
    );
    expect(lives(of(await project.engine.containers(), 'reader'))).toEqual(before);

    // An edit waits for the file; then both are taken in at once.
    const revision = await revisionOf(controller);
    await project.write('reader.yaml', reader({ labels: { edited: 'yes' } }));
    await eventually(async () => (await revisionOf(controller)) !== revision, { timeoutMs: PATIENCE_MS });
    await eventually(async () => (await controller.report()).orchestrator.phase === 'idle', {
      timeoutMs: PATIENCE_MS,
    });
    expect(lives(of(await project.engine.containers(), 'reader'))).toEqual(before);
    await project.write('x.bin', 'second');
    const after = await readAnew(project, id);
    expect(after.secret).toBe(Buffer.from('second').toString('hex'));
  });
});
