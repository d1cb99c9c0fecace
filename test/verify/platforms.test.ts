/** What platforms say, as tables: forms that a real one does not show on demand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { command, shellLine } from '../../src/exec/command.ts';
import { applierOf, differences, editedByHand } from '../../src/platforms/kubernetes/difference.ts';
import { podTrouble } from '../../src/platforms/kubernetes/pods.ts';
import { machineOf, obstacleOf } from '../../src/platforms/machine.ts';
import { loginIn } from '../../src/platforms/postgres/login.ts';
import { sshCommand } from '../../src/platforms/ssh.ts';
import { runs } from '../render/runs.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const ago = (minutes: number) => new Date(NOW - minutes * 60_000);

describe('a pod', () => {
  const container = (state: object, more: object = {}) => ({
    name: 'app',
    ready: false,
    restartCount: 0,
    image: 'x',
    imageID: 'y',
    state,
    ...more,
  });
  const ended = (minutes: number, exitCode = 1, reason = 'Error') => ({
    lastState: { terminated: { exitCode, reason, finishedAt: ago(minutes) } },
  });
  const running = { running: {} };
  it.each<[string, object, object | undefined]>([
    ['that serves', { containerStatuses: [container(running, { ready: true })] }, undefined],
    [
      'that only starts',
      { containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] },
      undefined,
    ],
    [
      'whose image is not there',
      { containerStatuses: [container({ waiting: { reason: 'ImagePullBackOff', message: 'gone' } })] },
      { reason: 'ImagePullBackOff', message: 'gone', ended: false },
    ],
    [
      'in a crash loop',
      {
        containerStatuses: [
          container({ waiting: { reason: 'CrashLoopBackOff' } }, { restartCount: 3, ...ended(1) }),
        ],
      },
      { reason: 'CrashLoopBackOff', message: 'ended with 1 (Error)', ended: true },
    ],
    [
      'that was killed for its memory a moment ago',
      {
        containerStatuses: [
          container(running, { ready: true, restartCount: 1, ...ended(2, 137, 'OOMKilled') }),
        ],
      },
      { reason: 'Restarted', message: '1 times, the last time because it ended with 137 (OOMKilled)' },
    ],
    [
      'that was restarted yesterday',
      { containerStatuses: [container(running, { ready: true, restartCount: 1, ...ended(1_440) })] },
      undefined,
    ],
    ['that is not ready', { containerStatuses: [container(running)] }, { reason: 'NotReady' }],
    [
      'whose preparation failed',
      { initContainerStatuses: [container({ terminated: { exitCode: 2, reason: 'Error' } })] },
      { reason: 'Error', message: 'ended with 2 (Error)', container: 'app' },
    ],
    [
      'whose preparation is over',
      {
        initContainerStatuses: [
          container({ terminated: { exitCode: 0, reason: 'Completed' } }, { ready: true }),
        ],
        containerStatuses: [container(running, { ready: true })],
      },
      undefined,
    ],
    [
      'that no node takes',
      { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3' }] },
      { reason: 'Unschedulable', message: '0/3' },
    ],
    [
      'that was evicted',
      { phase: 'Failed', reason: 'Evicted', message: 'disk pressure' },
      { reason: 'Evicted', message: 'disk pressure' },
    ],
  ])('%s', (_, status, wanted) => {
    const trouble = podTrouble({ metadata: { name: 'p' }, status } as never, NOW);
    if (wanted === undefined) expect(trouble).toBeUndefined();
    else expect(trouble).toMatchObject({ pod: 'p', ...wanted });
  });
});

describe('objects', () => {
  it.each<[string, object, object, string[]]>([
    ['the same', { a: [{ b: 1 }] }, { a: [{ b: 1 }] }, []],
    ['a value', { spec: { n: 3 } }, { spec: { n: 30 } }, ['/spec/n 3 30']],
    ['a value that is gone', { spec: {} }, { spec: { n: 30 } }, ['/spec/n nothing 30']],
    ['one that is too much', { data: { x: '1', y: '2' } }, { data: { x: '1' } }, ['/data/y "2" nothing']],
    ['a longer list', { a: [1, 2] }, { a: [1] }, ['/a/1 2 nothing']],
    [
      'what the server keeps',
      { metadata: { generation: 1, resourceVersion: '1', managedFields: [1] }, status: { x: 1 } },
      { metadata: { generation: 2, resourceVersion: '2', managedFields: [] }, status: {} },
      [],
    ],
    [
      'a status that is somebody’s own',
      { spec: { status: 1 } },
      { spec: { status: 2 } },
      ['/spec/status 1 2'],
    ],
  ])('differ by %s', (_, live, wanted, told) => {
    expect(differences(live, wanted).map(each => `${each.path} ${each.live} ${each.wanted}`)).toEqual(told);
  });

  it('tell who set a field by hand', () => {
    const managed = (manager: string, operation = 'Update', subresource?: string) => ({
      manager,
      operation,
      ...(subresource && { subresource }),
      fieldsV1: {
        'f:spec': { 'f:template': { 'k:{"name":"app"}': { '.': {}, 'f:env': {} } }, 'f:replicas': {} },
      },
    });
    const managedFields = [
      managed('kubectl', 'Apply'),
      managed('kubectl-client-side-apply'),
      managed('kube-controller-manager', 'Update', 'status'),
      managed('kubectl-edit'),
    ];
    expect(editedByHand({ metadata: { managedFields } })).toEqual([
      { manager: 'kubectl-edit', fields: ['/spec/template/{"name":"app"}/env', '/spec/replicas'] },
    ]);
    expect(applierOf({ metadata: { managedFields } })).toBe('kubectl');
    expect(applierOf({})).toBeUndefined();
  });
});

describe('a login', () => {
  const base = {
    host: 'h',
    port: 5432,
    user: 'u',
    password: undefined,
    database: 'd',
    tls: 'verify-full',
    ca: undefined,
  } as const;
  it.each<[string, object | undefined]>([
    [
      'postgres://a:b%2Fc@x:1/e?sslmode=require',
      { host: 'x', port: 1, user: 'a', password: 'b/c', database: 'e', tls: 'require' },
    ],
    ['postgresql://x', { host: 'x', port: 5432, user: 'u', database: 'd', tls: 'verify-full' }],
    ['postgres://a@[::1]/d?sslrootcert=/ca.pem', { host: '::1', ca: '/ca.pem' }],
    ['postgres://a@h/d?sslmode=prefer', { tls: 'disable' }],
    ['mysql://a@h/d', undefined],
    ['nothing', undefined],
  ])('%s', (url, wanted) => {
    const login = loginIn(url, base);
    if (wanted === undefined) expect(login).toBeUndefined();
    else expect(login).toMatchObject(wanted);
  });

  it('says any password as it was', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), password => {
        expect(loginIn(`postgres://a:${encodeURIComponent(password)}@h/d`, base)?.password).toBe(password);
      }),
      runs(100),
    );
  });
});

describe('a machine', () => {
  const outcome = (status: string, exitCode: number | undefined, stderr = '') =>
    ({ status, exitCode, stderr, stdout: '', truncated: false, durationMs: 1, message: 'm' }) as never;
  it('is asked by ssh in words that its shell leaves alone', () => {
    const asked = sshCommand('me@host', command('cat', '--', "/it's $HOME"));
    expect(asked.args.slice(-3)).toEqual(['--', 'me@host', "cat -- '/it'\\''s $HOME'"]);
    expect(shellLine(asked)).toContain('BatchMode=yes');
  });

  it.each<[string, string | undefined, unknown, RegExp | undefined]>([
    ['an answer', 'h', outcome('ok', 0), undefined],
    ['an answer that is no', 'h', outcome('failed', 1), undefined],
    [
      'ssh that cannot get in',
      'h',
      outcome('failed', 255, 'Permission denied (publickey).\n'),
      /^ssh h: Permission denied/,
    ],
    ['no ssh here', 'h', outcome('missing', undefined), /^ssh is not installed here/],
    ['no such program there', 'h', outcome('failed', 127), /^cat is not installed on h/],
    [
      'no such program here',
      undefined,
      outcome('missing', undefined),
      /^cat is not installed on this machine/,
    ],
    ['a program that hangs', undefined, outcome('timeout', undefined), /^cat on this machine: m/],
    ['255 of a local program', undefined, outcome('failed', 255), undefined],
  ])('%s', (_, host, given, why) => {
    const obstacle = obstacleOf(machineOf(host), 'cat', given as never);
    if (why === undefined) expect(obstacle).toBeUndefined();
    else expect(obstacle?.why).toMatch(why);
  });
});
