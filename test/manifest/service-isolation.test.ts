/**
 * The fields that open or close a container: privileged, pid, ipc, userns_mode, devices, cap_add, cap_drop, security_opt, sysctls.
 */
import { describe, expect, test } from 'vitest';
import { USUAL_ISOLATION } from '../../src/model/isolation.js';
import { problemsOfSpec, resolveSpec } from './texts.js';

describe('what is read', () => {
  test.each([
    ['', {}],
    ['privileged: true', { privileged: true }],
    ['pid: host', { pidMode: 'host' }],
    ['pid: container:db', { pidMode: 'container:db' }],
    ['ipc: shareable', { ipcMode: 'shareable' }],
    ['ipc: container:db', { ipcMode: 'container:db' }],
    ['userns_mode: host', { usernsMode: 'host' }],
    ['devices: ["/dev/b"]', { devices: [{ source: '/dev/b', target: '/dev/b', permissions: 'rwm' }] }],
    ['devices: ["/dev/b:rw"]', { devices: [{ source: '/dev/b', target: '/dev/b', permissions: 'rw' }] }],
    ['devices: ["/dev/b:/dev/c"]', { devices: [{ source: '/dev/b', target: '/dev/c', permissions: 'rwm' }] }],
    [
      'devices: ["/dev/b:/dev/c:mr"]',
      { devices: [{ source: '/dev/b', target: '/dev/c', permissions: 'mr' }] },
    ],
    [
      'devices: [{source: /dev/b, target: /dev/z, permissions: r}, /dev/a]',
      {
        devices: [
          { source: '/dev/a', target: '/dev/a', permissions: 'rwm' },
          { source: '/dev/b', target: '/dev/z', permissions: 'r' },
        ],
      },
    ],
    ['cap_add: [net_admin, CAP_CHOWN, CHOWN]', { capAdd: ['CHOWN', 'NET_ADMIN'] }],
    ['cap_drop: [all]', { capDrop: ['ALL'] }],
    [
      'security_opt: ["seccomp:unconfined", no-new-privileges, "label=type:t"]',
      { securityOptions: ['label=type:t', 'no-new-privileges=true', 'seccomp=unconfined'] },
    ],
    ['sysctls: {net.b: 1.10, net.a: "x"}', { sysctls: { 'net.a': 'x', 'net.b': '1.10' } }],
    ['sysctls: ["fs.mqueue.msg_max=5"]', { sysctls: { 'fs.mqueue.msg_max': '5' } }],
  ])('%s', (spec, isolation) => {
    expect(resolveSpec(spec).container.isolation).toEqual({ ...USUAL_ISOLATION, ...isolation });
  });
});

describe('what Docker would not take is refused where it stands', () => {
  test.each([
    [
      'pid: hst',
      '6:3: error: spec.pid: expected host or container:<name>, got "hst" — did you mean "host"? [BAD_VALUE]',
    ],
    [
      'pid: service:db',
      '6:3: error: spec.pid: "service:db" is not supported by this version yet — remove it [UNSUPPORTED]',
    ],
    [
      'ipc: ""',
      '6:3: error: spec.ipc: expected host, none, private, shareable or container:<name>, got "" [BAD_VALUE]',
    ],
    [
      'ipc: "container:"',
      '6:3: error: spec.ipc: expected host, none, private, shareable or container:<name>, got "container:" [BAD_VALUE]',
    ],
    [
      'userns_mode: me',
      '6:3: error: spec.userns_mode: expected host, got "me" — write it, or remove the field [BAD_VALUE]',
    ],
    [
      'cap_add: [NET_ADMN]',
      '6:13: error: spec.cap_add[0]: not a capability: "NET_ADMN" — did you mean "NET_ADMIN"? [BAD_VALUE]',
    ],
    [
      'cap_drop: [""]',
      '6:14: error: spec.cap_drop[0]: not a capability: "" — such as NET_ADMIN, or ALL [BAD_VALUE]',
    ],
    [
      'devices: [dev/a]',
      '6:13: error: spec.devices[0]: "dev/a" is not absolute — it must begin with / [BAD_VALUE]',
    ],
    [
      'devices: ["/dev/a:b"]',
      '6:13: error: spec.devices[0]: "b" is not absolute — it must begin with / [BAD_VALUE]',
    ],
    [
      'devices: ["/dev/a:/b:x"]',
      '6:13: error: spec.devices[0]: not a device: "/dev/a:/b:x" — expected source, source:target or source:target:permissions, e.g. "/dev/ttyUSB0:/dev/ttyUSB0:rwm" [BAD_VALUE]',
    ],
    [
      'devices: ["/dev/a:/b:rr"]',
      '6:13: error: spec.devices[0]: not a device: "/dev/a:/b:rr" — expected source, source:target or source:target:permissions, e.g. "/dev/ttyUSB0:/dev/ttyUSB0:rwm" [BAD_VALUE]',
    ],
    [
      'devices: [{source: /dev/a, permissions: q}]',
      '6:30: error: spec.devices[0].permissions: expected some of the letters r, w and m, got "q" [BAD_VALUE]',
    ],
    [
      'devices: [/dev/a, "/dev/b:/dev/a"]',
      '6:21: error: spec.devices[1]: another device is at "/dev/a" already [BAD_VALUE]',
    ],
    [
      'devices: ["nvidia.com/gpu=all"]',
      '6:13: error: spec.devices[0]: "nvidia.com/gpu=all" is not supported by this version yet — name a path such as /dev/ttyUSB0 [UNSUPPORTED]',
    ],
    [
      'security_opt: ["seccomp=./p.json"]',
      '6:18: error: spec.security_opt[0]: a profile from a file is not supported by this version yet — write builtin or unconfined [UNSUPPORTED]',
    ],
    [
      'security_opt: ["no-new-privileges:1"]',
      '6:18: error: spec.security_opt[0]: expected one of no-new-privileges, seccomp, apparmor, label, systempaths, writable-cgroups with its value, e.g. "no-new-privileges:true", got "no-new-privileges:1" [BAD_VALUE]',
    ],
    ['sysctls: [net.a]', '6:13: error: spec.sysctls[0]: has no value — write name=value [BAD_VALUE]'],
    [
      'sysctls: {kernel.panic: 1}',
      '6:13: error: spec.sysctls.kernel.panic: "kernel.panic" cannot be set for one container — set it on the host [BAD_VALUE]',
    ],
    [
      'network_mode: host\nsysctls: {net.a: 1}',
      `7:13: error: spec.sysctls.net.a: "net.a" is the host's own with network_mode host — set it on the host [BAD_VALUE]`,
    ],
    [
      'ipc: host\nsysctls: {kernel.sem: 1}',
      `7:13: error: spec.sysctls.kernel.sem: "kernel.sem" is the host's own with ipc host — set it on the host [BAD_VALUE]`,
    ],
  ])('%s', (spec, problem) => {
    expect(problemsOfSpec(spec)).toEqual([problem]);
  });
  test.each([
    'security_opt: [constructor=x]',
    'security_opt: ["label="]',
    'security_opt: [""]',
    'security_opt: [systempaths=x]',
  ])('%s', (spec) => {
    expect(problemsOfSpec(spec)[0]).toMatch(
      /^6:18: error: spec\.security_opt\[0\]: expected one of .*\[BAD_VALUE\]$/,
    );
  });
});
