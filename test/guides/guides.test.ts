/** Each guide of docs/guides, followed command by command, as far as it needs no platform but this machine. */
import { describe, expect, it } from 'vitest';
import { EXAMPLE_NAMES } from '../targets/examples.ts';
import { follow } from './follow.ts';
import { difference, GUIDES, stepsOf } from './guide.ts';
import { ports } from './ports.ts';
import { openSession } from './session.ts';

describe('a guide', () => {
  it.each(GUIDES)('$name says what is to be seen', { timeout: 600_000 }, async guide => {
    expect(guide.steps.filter(({ needs }) => !needs).length).toBeGreaterThan(10);
    expect(await follow(guide, { words: await ports(guide.name) })).toEqual([]);
  });

  it('there is one for each of the examples', () => {
    expect(GUIDES.map(({ name }) => name).sort()).toEqual(EXAMPLE_NAMES.toSorted());
  });
});

describe('what is shown', () => {
  it.each([
    [
      ['a', '…', 'd'],
      ['a', 'b', 'c', 'd'],
    ],
    [
      ['a', '…', 'd'],
      ['a', 'd'],
    ],
    [['…'], []],
    [['took … s'], ['took 12 s']],
    [
      ['…', 'b', '…'],
      ['b', 'a', 'b', 'c'],
    ],
    [['a+b'], ['a+b  ']],
  ])('%j is like %j', (shown, seen) => expect(difference(shown, seen)).toBeUndefined());

  it.each([
    [['a'], ['b']],
    [['a'], []],
    [[], ['a']],
    [
      ['a', '…', 'd'],
      ['a', 'b', 'c'],
    ],
    [['took … s'], ['took 12 ms']],
    [['a.c'], ['abc']],
  ])('%j is not like %j', (shown, seen) => expect(difference(shown, seen)).toBeDefined());
});

describe('a page', () => {
  it('is read as what to type, what to see and what to edit, by sections that need something', () => {
    const text = `# A\n\`\`\`console\n$ one \\\n  two\nshown\n$ three\n\`\`\`\n## B\n<!-- needs: compose -->\n\`\`\`diff\n+a\n\`\`\`\n### C\n\`\`\`console\n$ four\n\`\`\`\n## D\n\`\`\`console\n$ five\n\`\`\`\n`;
    expect(stepsOf(text)).toEqual([
      { kind: 'typed', command: 'one \\\n  two', shown: ['shown'], line: 3, needs: undefined },
      { kind: 'typed', command: 'three', shown: [], line: 6, needs: undefined },
      { kind: 'edit', diff: '+a\n', line: 10, needs: 'compose' },
      { kind: 'typed', command: 'four', shown: [], line: 15, needs: 'compose' },
      { kind: 'typed', command: 'five', shown: [], line: 19, needs: undefined },
    ]);
  });

  it.each([
    ['```sh\nls\n```', 'not sh'],
    ['```console\nls\n```', 'comes after'],
    ['<!-- needs: mainframe -->\n', 'mainframe'],
  ])('%j is refused', (text, why) => expect(() => stepsOf(text)).toThrow(why));

  it.each([
    ['$ echo b', 'expected:  a'],
    ['$ false', 'ended with 1'],
  ])('that says %j is found out', async (command, why) => {
    const steps = stepsOf(`\`\`\`console\n${command}\na\n\`\`\`\n`);
    expect(await follow({ name: 'x', steps })).toEqual([expect.stringContaining(why)]);
  });
});

describe('a session', () => {
  it('is one shell: its folder, variables and statuses stay', async () => {
    const session = await openSession();
    try {
      await session.type('mkdir a; cd a; b=1; git init --quiet');
      expect(await session.type('echo "${PWD##*/} $b"; exec 3>&1; false')).toEqual({
        status: 1,
        lines: ['a 1'],
      });
      expect(await session.type('echo $?')).toEqual({ status: 0, lines: ['1'] });
      await session.edit('--- c\n+e\n');
      await session.edit('--- c\n-e\n+d\n');
      expect(await session.type('cat c >&2')).toEqual({ status: 0, lines: ['d'] });
    } finally {
      await session.end();
    }
  });
});
