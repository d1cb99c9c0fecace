import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import kleur from 'kleur';
import MarkdownIt from 'markdown-it';
import { beforeAll, describe, expect, it } from 'vitest';
import { block, line } from '../../../src/report/plain.ts';
import { githubAnnotations, githubSummary } from '../../../src/report/verification/github.ts';
import { htmlReport } from '../../../src/report/verification/html.ts';
import { jsonReport } from '../../../src/report/verification/json.ts';
import { junitReport } from '../../../src/report/verification/junit.ts';
import { createProbeProgress } from '../../../src/report/verification/progress.ts';
import { prometheusReport } from '../../../src/report/verification/prometheus.ts';
import { textReport } from '../../../src/report/verification/text.ts';
import { countsOf, duration } from '../../../src/report/verification/words.ts';
import type { Verification } from '../../../src/verify/verification.ts';
import { HOSTILE, NOTHING, PASSED, SAMPLE, saying } from './sample.ts';

beforeAll(() => {
  kleur.enabled = false;
});

const REPORTS: readonly [name: string, report: (verification: Verification) => string][] = [
  ['report.txt', textReport],
  ['report.json', verification => JSON.stringify(jsonReport(verification), null, 2)],
  ['report.junit.xml', junitReport],
  ['annotations.txt', githubAnnotations],
  ['summary.md', githubSummary],
  ['report.prom', prometheusReport],
  ['report.html', htmlReport],
];

describe('every report', () => {
  it.each(REPORTS)('%s is as it was', async (name, report) => {
    await expect(report(SAMPLE)).toMatchFileSnapshot(`expected/${name}`);
  });

  // A line end may be part of the format; nothing else of this kind is.
  const odd = (text: string) => text.replaceAll('\n', '').match(/[\p{Cc}\p{Bidi_Control}]/gu);
  it.each(REPORTS.filter(([name]) => name !== 'report.json'))(
    '%s holds nothing that a terminal obeys',
    (_, report) => {
      expect(odd(report(saying([HOSTILE])))).toBeNull();
    },
  );
});

const TEXTS = [
  HOSTILE,
  ...fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 300, seed: 7 }),
];

describe('read back', () => {
  it('JUnit by an XML parser', () => {
    const program = `
import sys, json, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps([root[0].attrib, [case[0].attrib['message'] for case in root[0]]]))`;
    const answer = execFileSync('python3', ['-c', program], {
      input: junitReport(saying(TEXTS)),
      encoding: 'utf8',
    });
    const [suite, messages] = JSON.parse(answer) as [Record<string, string>, string[]];
    expect(suite).toMatchObject({ tests: String(TEXTS.length), failures: String(TEXTS.length), errors: '0' });
    const representable = (text: string) =>
      block(text).replaceAll(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');
    expect(messages).toEqual(TEXTS.map(representable));
  });

  it('the summary by a Markdown parser, each text in its own cell', () => {
    const tokens = new MarkdownIt({ html: true }).parse(githubSummary(saying(TEXTS)), {});
    expect(tokens.filter(({ type }) => type === 'html_block')).toEqual([]);
    const cells = tokens.filter((_, i) => tokens[i - 1]?.type === 'td_open');
    const inner = cells.flatMap(({ children }) => children ?? []);
    expect(inner.filter(({ type }) => !['text', 'text_special'].includes(type))).toEqual([]);
    const messages = cells
      .filter((_, i) => i % 4 === 2)
      .map(({ children }) => (children ?? []).map(({ content }) => content).join(''));
    // A parser takes the blanks around a cell's text, and NUL is no character of Markdown.
    expect(messages).toEqual(TEXTS.map(text => line(text).trim()));
  });

  it('annotations: one line for each probe, which no text can forge', () => {
    const lines = githubAnnotations(saying(TEXTS)).split('\n');
    expect(lines).toHaveLength(TEXTS.length + 1);
    lines.slice(0, -1).forEach((each, i) => {
      const [, message = ''] = /^::error title=p\d+%3A fail::(.*)$/s.exec(each) ?? [];
      const read = message.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
      expect(read).toBe(block(TEXTS[i] ?? ''));
    });
    expect(lines.at(-1)).toMatch(/^fail: /);
  });
});

describe('JSON', () => {
  it('has every key of the contract in every probe', () => {
    const { probes, ...rest } = JSON.parse(JSON.stringify(jsonReport(SAMPLE))) as Record<string, unknown> & {
      probes: object[];
    };
    expect(Object.keys(rest)).toEqual(
      expect.arrayContaining(['target', 'startedAt', 'durationMs', 'verdict']),
    );
    const keys = ['id', 'name', 'status', 'durationMs', 'attempts', 'message', 'expected', 'observed'];
    for (const probe of probes) expect(Object.keys(probe)).toEqual(expect.arrayContaining(keys));
  });
});

describe('words', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [1.25, '1.3 ms'],
    [12.4, '12 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [59_940, '59.9 s'],
    [59_960, '1 min'],
    [125_000, '2 min 5 s'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });

  it.each([
    [SAMPLE, '2 failed, 1 could not be run, 1 could not tell, 4 passed, 1 skipped in 12.8 s'],
    [PASSED, '4 passed in 2 min 5 s'],
    [NOTHING, 'no probe ran in 12.8 s, interrupted'],
  ])('counts', (verification, text) => {
    expect(countsOf(verification)).toBe(text);
  });
});

describe('progress', () => {
  const [first, second] = SAMPLE.probes;
  if (!first || !second) throw new Error('the sample has probes');
  const play = async (live: boolean) => {
    const written: string[] = [];
    const progress = createProbeProgress({ columns: 40, write: text => written.push(text) }, live, 2);
    progress.started(first.id);
    progress.started(second.id);
    progress.ended(first);
    await new Promise(resolve => setTimeout(resolve, 250));
    progress.ended(second);
    progress.close();
    const lines = written.length;
    await new Promise(resolve => setTimeout(resolve, 150));
    return { written, more: written.length - lines };
  };

  it('is plain lines where nobody watches', async () => {
    const { written, more } = await play(false);
    expect(written.join('')).toBe(
      [
        'pass          live/api  200 in 12 ms (12 ms)',
        'fail          ready/api  Probe ready/api (9 s, 5 attempts)',
        '              expected  status 200',
        '              observed  503 that says not ready: database',
        '              next      look at /health/deep',
        '',
      ].join('\n'),
    );
    expect(more).toBe(0);
  });

  it('is live on a terminal, within its width, and leaves nothing behind', async () => {
    const { written, more } = await play(true);
    const drawn = written.filter(text => text.includes('1/2'));
    expect(drawn.length).toBeGreaterThan(0);
    for (const text of drawn) expect(text.replace('\r\u001b[K', '').length).toBeLessThan(40);
    expect(drawn[0]).toMatch(/1\/2 {2}ready\/api \d+ ms/);
    expect(written.at(-1)).toBe('\r\u001b[K');
    expect(more).toBe(0);
  });
});
