import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KINDS } from '../../src/artifacts/all.ts';
import type { KindId } from '../../src/artifacts/document.ts';
import { judged } from '../../src/check/check.ts';
import { RULES } from '../../src/check/rules/all.ts';
import { runRules } from '../../src/check/run.ts';
import { SEED } from '../render/runs.ts';
import { SEEDS } from './seeds.ts';

const RUNS = process.env['AIDEPLOY_DEEP'] ? 10_000 : 300;
/** Milliseconds of the processor that one input may take: others on the machine do not count. */
const SLOWEST = 2_000;

async function check(path: string, content: string): Promise<void> {
  const start = process.cpuUsage();
  const files = [{ path, content, lossy: false, mode: 0o644 }];
  const { context } = await judged({ files, unread: [], closed: true }, new Set(), {});
  for (const { at } of runRules(RULES, context)) {
    expect(at.line).toBeGreaterThan(0);
    expect(at.column).toBeGreaterThan(0);
  }
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1_000, 'milliseconds').toBeLessThan(SLOWEST);
}

/** Pieces of real artifacts, put together anew, with what breaks parsers in between. */
const HARD = [
  '\r\n',
  '\uFEFF',
  '\0',
  '\t',
  '{{',
  '}}',
  '"',
  "'",
  '`',
  '\\',
  '&a ',
  '*a',
  '<<: *a',
  '---\n',
  '|\n',
  '$(',
  '${',
  '#',
  ':',
  '- ',
  '[',
  '{',
  '<<EOF\n',
  ';',
  '%',
  '\u2028',
  '\ud800',
  '😀',
  // Names that every object answers to.
  'constructor',
  '__proto__',
  'valueOf',
];

const mutations = (seed: string) => {
  const pieces = seed.split(/(?<=[\n\s:{}[\]"'$;=])/);
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...HARD), fc.string({ maxLength: 8 }));
  const cut = fc
    .tuple(fc.nat(seed.length), fc.nat(40), piece)
    .map(([at, length, put]) => seed.slice(0, at) + put + seed.slice(at + length));
  return fc.oneof(
    { weight: 5, arbitrary: cut },
    { weight: 3, arbitrary: fc.array(piece, { maxLength: 60 }).map(parts => parts.join('')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  );
};

describe('whatever a file holds, it is judged in time and without an error of ours', () => {
  test('there is a seed for every kind', () => {
    expect(Object.keys(SEEDS).sort()).toEqual(KINDS.map(kind => kind.id).sort());
  });

  test.each(Object.entries(SEEDS) as [KindId, (typeof SEEDS)[KindId]][])(
    '%s',
    async (_, { path, content }) => {
      await check(path, content);
      await fc.assert(
        fc.asyncProperty(mutations(content), text => check(path, text)),
        { seed: SEED, numRuns: RUNS },
      );
    },
    600_000,
  );
});

const deep = (open: string, close = '', count = 20_000) => open.repeat(count) + close.repeat(count);

describe('what is made to break a reader', () => {
  test.each<[string, string, string]>([
    ['brackets', 'a.yaml', `apiVersion: v1\nkind: X\na: ${deep('[', ']')}`],
    ['braces', 'a.yaml', `apiVersion: v1\nkind: X\na: ${deep('{a: ', '}')}`],
    [
      'indentation',
      'a.yaml',
      `apiVersion: v1\nkind: X\n${Array.from({ length: 3_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')}`,
    ],
    ['dashes', 'a.yaml', `apiVersion: v1\nkind: X\na:\n ${deep('- ')}x`],
    [
      'an alias bomb',
      'compose.yaml',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`).join('\n')}\nservices: {x: {image: a:1, environment: *i}}\n`,
    ],
    ['an anchor in itself', 'compose.yaml', 'services: &s\n  a: {image: x, depends_on: *s}\n'],
    ['nginx blocks', 'nginx.conf', deep('http {', '}')],
    ['nginx without an end', 'nginx.conf', 'server { location / { proxy_pass "http://'.repeat(2_000)],
    ['shell nesting', 'a.sh', `#!/bin/sh\n${deep('$(', ')', 5_000)}`],
    ['shell groups', 'a.sh', `#!/bin/sh\n${deep('( ', ' )', 5_000)}`],
    ['shell here-documents', 'a.sh', `#!/bin/sh\n${'cat <<A <<B\n'.repeat(3_000)}`],
    ['shell quotes', 'a.sh', `#!/bin/sh\n${'echo "$(echo \'"'.repeat(3_000)}`],
    ['a Dockerfile of continuations', 'Dockerfile', `FROM a:1\nRUN ${'x \\\n'.repeat(20_000)}`],
    ['a Dockerfile of instructions', 'Dockerfile', `FROM a:1\n${'ENV A=$A B="${B:-c}"\n'.repeat(4_000)}`],
    ['fences', 'a.md', '```\n'.repeat(50_001)],
    ['nested quotes of a guide', 'a.md', `${'> '.repeat(5_000)}\`\`\`sh\nls\n`.repeat(20)],
    ['units of continuations', 'a.service', `[Service]\nExecStart=${'a \\\n'.repeat(100_000)}`],
    ['SQL strings', 'a.sql', "'$$".repeat(100_000)],
    ['SQL comments', 'a.sql', '/*--'.repeat(100_000)],
    ['a long line', 'a.env', `A=${'x'.repeat(1_000_000)}`],
    ['many variables', 'a.env', 'A="\n'.repeat(100_000)],
    ['spaces', 'nginx.conf', ' '.repeat(1_000_000)],
    ['spaces before a fence', 'a.md', `${' '.repeat(100_000)}x\n`.repeat(5)],
    ['cron stars', 'a.cron', '* '.repeat(100_000)],
  ])(
    '%s',
    async (_, path, content) => {
      await check(path, content);
    },
    60_000,
  );
});
