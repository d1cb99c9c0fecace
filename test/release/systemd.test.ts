/** What is seen on hosts and brought to them, without one. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { machineOf } from '../../src/platforms/machine.ts';
import { checksumsOf } from '../../src/release/checksums.ts';
import { runOnHost } from '../../src/release/host-step.ts';
import { standingOf } from '../../src/release/standing.ts';
import { ELSEWHERE, filesFor } from '../../src/release/strategies/systemd/build.ts';

import { project } from '../cli/run.ts';
import { releaseOf } from './sample.ts';

const sum = (text: string) => createHash('sha256').update(text).digest('hex');

describe('what runs on several hosts', () => {
  const releases = [releaseOf('v1'), releaseOf('v2', { sequence: 2 }), releaseOf('v3', { sequence: 3 })];
  const seen = (...ids: string[]) => ({ ids, empty: ids.length === 0 });
  it.each([
    ['nothing', [seen(), seen()], { current: undefined, empty: true }],
    ['the same', [seen('v1', 'v1'), seen('v1')], { current: 'v1', empty: false }],
    ['a deploy that ended between two hosts', [seen('v2'), seen('v1')], { current: 'v2', empty: false }],
    ['a link that went ahead of its processes', [seen('v3', 'v2', 'v2')], { current: 'v3', empty: false }],
    ['what is in no record', [seen('by-hand')], { current: undefined, empty: false }],
  ])('%s', (_, hosts, standing) => {
    expect(standingOf(hosts, releases)).toEqual(standing);
  });
});

describe('a build', () => {
  const files = {
    'server-linux-amd64': 'a',
    'server-linux-arm64': 'b',
    'server-windows-amd64.exe': 'c',
    'app.tar.gz': 'd',
  };
  const sums = Object.entries(files).map(([file, text]) => `${sum(text)}  ${file}\n`);

  it('is what its checksums say, and each machine gets what it can run', async () => {
    const folder = await project({ ...files, SHA256SUMS: sums.join('') });
    const { value = {} } = await checksumsOf(folder, 'v1', ELSEWHERE);
    expect(Object.keys(value)).toEqual(['server-linux-amd64', 'server-linux-arm64', 'app.tar.gz']);
    const names = async (machine: string) => (await filesFor(folder, value, machine)).map(({ path }) => path);
    expect(await names('x86_64')).toEqual(['server-linux-amd64', 'app.tar.gz', 'SHA256SUMS']);
    expect(await names('aarch64')).toEqual(['server-linux-arm64', 'app.tar.gz', 'SHA256SUMS']);
  });

  it.each([
    ['is not there', {}, /SHA256SUMS is missing/],
    [
      'lacks a file',
      { SHA256SUMS: sums.join(''), 'server-linux-amd64': 'a' },
      /server-linux-arm64 is missing/,
    ],
    ['was changed', { ...files, 'app.tar.gz': 'x', SHA256SUMS: sums.join('') }, /app\.tar\.gz is not what/],
  ])('that %s is told, with what makes it', async (_, found, why) => {
    const { obstacle } = await checksumsOf(await project(found), 'v7', ELSEWHERE);
    expect(obstacle).toEqual({
      why: expect.stringMatching(why),
      next: 'build it: scripts/build.sh --tag v7',
    });
  });
});

describe('the version of a build', () => {
  const of = (version: string) => ({
    VERSION: version,
    'server-linux-amd64': 'a',
    SHA256SUMS: `${sum('a')}  server-linux-amd64\n${sum(version)}  VERSION\n`,
  });

  it('is the tag, and no file that a host is brought', async () => {
    const { value } = await checksumsOf(await project(of('v1\n')), 'v1', ELSEWHERE);
    expect(Object.keys(value ?? {})).toEqual(['server-linux-amd64']);
  });

  it('is another than the tag: nothing is deployed under a name that is not its own', async () => {
    const folder = await project(of('v1\n'));
    expect((await checksumsOf(folder, 'v2', ELSEWHERE)).obstacle).toEqual({
      why: `what is in ${folder} was built as v1, not as v2`,
      next: 'build it: scripts/build.sh --tag v2, or deploy v1',
    });
  });
});

describe('a script on a host', () => {
  const control = { signal: new AbortController().signal, say: () => undefined };
  it.each([
    ['is done', 'exit 0', { status: 'done' }],
    [
      'fails by what it says last',
      'echo one >&2; echo "deploy.sh: two" >&2; exit 1',
      { status: 'failed', cause: 'two', details: ['one'] },
    ],
    [
      'has to wait for another',
      'echo "deploy.sh: a@b is at work here" >&2; exit 75',
      { status: 'obstructed', obstacle: { why: 'this machine: a@b is at work here' } },
    ],
    [
      'has no room',
      'echo "cp: x: No space left on device" >&2; echo "it failed" >&2; exit 1',
      { status: 'obstructed', obstacle: { why: 'this machine: cp: x: No space left on device' } },
    ],
    [
      'has no engine',
      'echo "Cannot connect to the Docker daemon at unix:///x. Is it running?" >&2; exit 1',
      { status: 'obstructed' },
    ],
    ['is not there', 'exit 127', { status: 'obstructed' }],
  ])('%s', async (_, script, end) => {
    const folder = await project({ 'deploy.sh': script });
    const wanted = { program: 'sh', args: [join(folder, 'deploy.sh')] };
    expect(await runOnHost(machineOf(undefined), wanted, control)).toMatchObject(end);
  });
});
