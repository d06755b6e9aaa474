// Owns: what of another container counts as in the way, to the letter of paths, ports and names.
import { describe, expect, test } from 'vitest';
import { heldByOther } from '../../src/core/holders.js';
import type { DesiredService, Mount } from '../../src/model/desired.js';
import { serviceName } from '../../src/model/ids.js';
import { USUAL_ISOLATION } from '../../src/model/isolation.js';
import type { OtherContainer } from '../../src/model/observed.js';
import { contextOf, linesOf, pass } from '../support/decision.js';
import { plainSpec } from '../support/plain-draft.js';

const START = ['start container web-1  created, not yet started'];

/** Who stands in the way of a service beside these others; null: nobody. */
function held(changes: Partial<DesiredService>, others: readonly Partial<OtherContainer>[]): string | null {
  const { desired, observed } = contextOf({ manifests: 'blog-db: {image: db:1}', others });
  const service = desired.services.get(serviceName('blog-db'));
  if (service === undefined) throw new Error('no service');
  return heldByOther({ ...service, ...changes }, observed);
}

describe('9.2 data that another one writes', () => {
  const mounted = (source: string, readOnly = false): string | null => {
    const mount: Mount = { kind: 'bind', source, target: '/data', readOnly, createSource: true };
    return held({ container: plainSpec({ mounts: [mount] }) }, [{ name: 'guest', writes: [source] }]);
  };

  test.each(['/srv/data', '/srv/dev/data', '/mnt/run', '/srv/app.sock.d', '/device'])(
    '9.2 %s must block a start',
    (path) => {
      expect(mounted(path)).toBe(
        `container guest, which is not ours, writes to ${path}: stop it with \`docker stop guest\``,
      );
    },
  );

  test.each(['/dev', '/dev/ttyUSB0', '/run/app', '/var/run', '/proc', '/sys/class', '/srv/app.sock'])(
    '9.2 %s is made for many, and must block nothing',
    (path) => {
      expect(mounted(path)).toBe(null);
    },
  );

  test('9.2 what the service only reads must block nothing', () => {
    expect(mounted('/srv/data', true)).toBe(null);
  });

  const given = (source: string): string | null => {
    const isolation = { ...USUAL_ISOLATION, devices: [{ source, target: '/dev/x', permissions: 'rwm' }] };
    return held({ container: plainSpec({ isolation }) }, [{ name: 'guest', writes: [source] }]);
  };

  test.each(['/dev/ttyUSB0', '/dev/serial/by-id/usb-x', '/dev/video0', '/dev/sda', '/dev/networker'])(
    '9.2 the device %s must block a start',
    (path) => {
      expect(given(path)).toBe(
        `container guest, which is not ours, has the device ${path}: stop it with \`docker stop guest\``,
      );
    },
  );

  test.each(['/dev/dri', '/dev/dri/renderD128', '/dev/net/tun', '/dev/snd', '/dev/nvidia0', '/dev/kvm'])(
    '9.2 the device %s is made for many, and must block nothing',
    (path) => {
      expect(given(path)).toBe(null);
    },
  );

  test('9.2 of several the first by name must be named, whatever the order of the list', () => {
    const manifests = 'web: {image: web:1, volumes: ["./files:/files"]}';
    const [a, b] = ['a', 'b'].map((name) => ({ name, writes: ['/manifests/files'] }));
    for (const others of [
      [a, b],
      [b, a],
    ])
      expect(
        pass({
          manifests,
          docker: 'web-1 created',
          others: others.filter((one) => one !== undefined),
        }).status('web'),
      ).toContain('HeldByOther: container a, which');
  });
});

describe('9.2 a service that Compose runs already', () => {
  const db = { name: 'blog_db_1', composeProject: 'blog', composeService: 'db' };

  test('9.2 must be known by its stack and its name there, and be mended by the command of Compose', () => {
    expect(held({ stack: 'blog' }, [db])).toBe(
      'container blog_db_1 is blog-db itself, run by docker compose: stop it with `docker compose -p blog down`, which keeps the volumes',
    );
  });

  test.each([
    ['another service of the stack', 'blog', { composeService: 'web' }],
    ['a service of that name in another stack', 'blog', { composeProject: 'shop' }],
    ['a container of the stack that is no service', 'blog', { composeService: null }],
    ['a container that Compose does not run', 'blog', { composeProject: null, composeService: null }],
    ['one that is stopped', 'blog', { running: false }],
    ['a service of no stack', null, {}],
    ['a service of no stack, and a container of none', null, { composeProject: null }],
  ])('9.2 %s must block nothing', (_, stack, other) => {
    expect(held({ stack }, [{ ...db, ...other }])).toBe(null);
  });
});

describe('1.3 a host port that one of ours is to give up', () => {
  const portsOf = (ports: string, held: number): readonly string[] =>
    linesOf({
      manifests: `{a: {image: a:1, maintenance: true}, web: {image: web:1, ports: ${ports}}}`,
      docker: `a-1 other running port=${held}\nweb-1 created`,
    });

  test('1.3 must be waited for where it is one of several', () => {
    expect(portsOf('["53:53", "54:54"]', 53)).toEqual([]);
    expect(portsOf('["53:53", "54:54"]', 54)).toEqual([]);
  });

  test('1.3 must not be waited for where Docker may choose another one', () => {
    expect(portsOf('["8000-8010:80"]', 8003)).toEqual(START);
    expect(portsOf('["80"]', 8003)).toEqual(START);
  });

  test('1.3 must not be waited for where it is the service’s own: that is what its rollout is about', () => {
    expect(
      linesOf({
        manifests: 'web: {image: web:1, ports: ["53:53"]}',
        docker: 'web-1-old other exited port=53\nweb-1 created',
      }),
    ).toEqual(['start container web-1  its spec changed']);
  });

  test('1.3 must be looked for again after half a second', () => {
    const scene = {
      manifests: '{a: {image: a:1, maintenance: true}, web: {image: web:1, ports: ["53:53"]}}',
      docker: 'a-1 other running port=53\nweb-1 created',
    };
    expect(pass(scene).recheckIn('web')).toBe(0.5);
  });
});
