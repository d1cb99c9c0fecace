import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { project } from '../cli/run.ts';
import { answered, forget } from './answers.ts';

let kept = '';
let calls = 0;
beforeEach(async () => {
  kept = await project();
  calls = 0;
});

/** A judge that names the file it was asked of; `asked` is all that there is to know of it. */
const judge = (folder: string, asked: unknown[], reads = [join(folder, 'a.sh')]) =>
  answered(kept, { asked: [...asked, join(folder, 'a.sh')], reads }, async () => {
    calls++;
    return { code: 1, stdout: `${join(folder, 'a.sh')}: no. ${calls}`, stderr: '' };
  });

describe('an answer', () => {
  it('is kept for the same content, wherever it is', async () => {
    const [one, other] = [await project({ 'a.sh': 'ls' }), await project({ 'a.sh': 'ls', 'b.sh': 'pwd' })];
    await judge(one, []);
    expect(await judge(other, [])).toEqual({ code: 1, stdout: `${other}/a.sh: no. 1`, stderr: '' });
    expect(calls).toBe(1);
  });

  it.each<[string, (folder: string) => void, string[]]>([
    ['another content', folder => writeFileSync(join(folder, 'a.sh'), 'pwd'), []],
    ['an argument or version', () => undefined, ['--strict']],
    ['another file in a folder that is read', folder => mkdirSync(join(folder, 'more')), []],
  ])('is asked for again after %s', async (_, change, asked) => {
    const folder = await project({ 'a.sh': 'ls' });
    await judge(folder, [], [folder]);
    change(folder);
    await judge(folder, asked, [folder]);
    expect(calls).toBe(2);
  });

  it('is none where the judge could not look', async () => {
    const folder = await project({ 'a.sh': 'ls' });
    const failing = () =>
      answered(kept, { asked: [], reads: [folder] }, () => {
        calls++;
        return Promise.reject(new Error('no'));
      });
    await expect(failing()).rejects.toThrow('no');
    await expect(failing()).rejects.toThrow('no');
    expect(calls).toBe(2);
  });

  it('is forgotten when nobody wanted it for a month', async () => {
    await judge(await project({ 'a.sh': 'ls' }), ['old']);
    const [old = ''] = readdirSync(kept);
    utimesSync(join(kept, old), 0, 0);
    await judge(await project({ 'a.sh': 'ls' }), ['new']);
    forget(kept);
    expect(readdirSync(kept)).toHaveLength(1);
    expect(readdirSync(kept)).not.toContain(old);
  });
});
