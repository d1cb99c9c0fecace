/**
 * Whoever runs check need not run four other programs to be told the same: what they call an error, and a rule of
 * ours claims to find, is found by us in the same file; where they name a line, on it or in what it opens.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KindId } from '../../src/artifacts/document.ts';
import { examine } from '../../src/check/check.ts';
import { RULES } from '../../src/check/rules/all.ts';
import { casesOf, findingsIn, TEST_CHECK } from '../check/cases.ts';
import { type Finding, hadolint, need } from './judges.ts';
import { kubeconform, kubeScore } from './kubernetes.ts';
import { CLAIMS, type Claim } from './parity.ts';
import { actionlint } from './workflows.ts';

const VERSION = '1.34';
const FOREIGN = join(TEST_CHECK, 'corpus/foreign');
const sets = [
  ...readdirSync(FOREIGN).map(name => join(FOREIGN, name)),
  ...RULES.flatMap(rule => casesOf(rule.id).bad),
];

/** Artifacts of each set that are files of their own. */
const artifacts: { readonly set: string; readonly kind: KindId; readonly file: string }[] = [];
/** By file and rule of ours: the lines that its findings are at or rest on. */
const ours = new Map<string, Set<number>>();
const met = new Set<Claim>();
const agreement = new Map<string, { both: number; theirs: number; why: string }>();

beforeAll(async () => {
  for (const set of sets) {
    const { context } = await examine(set, ['.']);
    for (const { kind, name, text } of context.documents)
      if (name === text.file) artifacts.push({ set, kind, file: join(set, name) });
    for (const { rule, at, related } of await findingsIn(RULES, set))
      for (const place of [at, ...related]) {
        const key = `${join(set, place.file)} ${rule}`;
        ours.set(key, (ours.get(key) ?? new Set()).add(place.line));
      }
  }
}, 120_000);

const filesOf = (kind: KindId, folder?: string): string[] => [
  ...new Set(
    artifacts.filter(each => each.kind === kind && (folder ?? each.set) === each.set).map(each => each.file),
  ),
];

/** Sets whose objects are applied as they are written: what kustomize makes of a base is not in the base. */
const plainSets = (): string[] =>
  [...new Set(artifacts.filter(each => each.kind === 'kubernetes').map(each => each.set))].filter(
    set => !artifacts.some(each => each.set === set && each.kind === 'kustomization'),
  );

const claimOf = ({ judge, rule, message }: Finding): Claim | undefined =>
  CLAIMS.find(each => each.judge === judge && each.rule === rule && (each.says?.test(message) ?? true));

const isOurs = ({ file, line }: Finding, rules: readonly string[]): boolean => {
  const last = line === 0 ? Number.POSITIVE_INFINITY : endOf(file, line);
  return rules.some(rule =>
    [...(ours.get(`${file} ${rule}`) ?? [])].some(each => each >= line && each <= last),
  );
};

/** The last line of what a line opens: of a job what is indented below its name, of a script its lines. */
function endOf(file: string, line: number): number {
  const lines = readFileSync(file, 'utf8').split('\n');
  const indent = (text: string | undefined) => (text?.trim() ? text.search(/\S/) : Number.POSITIVE_INFINITY);
  const own = indent(lines[line - 1]);
  const next = lines.findIndex((text, i) => i >= line && indent(text) <= own);
  return next === -1 ? lines.length : next;
}

/** Counts what a judge found, and returns what it alone found although we claim it, or that no line of the table is about. */
function missed(found: readonly Finding[]): string[] {
  return found
    .filter(each => each.severity === 'error')
    .flatMap(each => {
      const claim = claimOf(each);
      const told = `${each.judge} ${each.rule} ${relative(TEST_CHECK, each.file)}:${each.line} ${each.message}`;
      if (!claim) return [`in no table: ${told}`];
      met.add(claim);
      const rules = claim.ours ?? [];
      const both = isOurs(each, rules);
      const key = `${each.judge}\t${each.rule}\t${claim.says?.source ?? ''}`;
      const row = agreement.get(key) ?? { both: 0, theirs: 0, why: claim.why ?? rules.join(', ') };
      agreement.set(key, { ...row, [both ? 'both' : 'theirs']: row[both ? 'both' : 'theirs'] + 1 });
      return claim.ours && !both ? [`not found by ${rules.join(' or ')}: ${told}`] : [];
    });
}

/** kube-score gives up on a set where it cannot read one object or knows no kind: each file is asked alone then. */
async function scored(files: readonly string[]): Promise<Finding[]> {
  try {
    return await kubeScore(files, VERSION);
  } catch {
    if (files.length < 2) return [];
    return (await Promise.all(files.map(file => scored([file])))).flat();
  }
}

describe('errors of others that we claim to find', () => {
  it.runIf(need('hadolint'))('hadolint', { timeout: 120_000 }, async () => {
    const files = filesOf('dockerfile');
    expect(files.length).toBeGreaterThan(20);
    const found: Finding[] = [];
    for (const file of files) found.push(...(await hadolint(file)));
    expect(missed(found)).toEqual([]);
  });

  it.runIf(need('actionlint', 'shellcheck'))('actionlint', { timeout: 60_000 }, async () => {
    const found = await actionlint(filesOf('workflow'));
    expect(found.length).toBeGreaterThan(20);
    expect(missed(found.map(each => ({ ...each, file: resolve(each.file) })))).toEqual([]);
  });

  it.runIf(need('kubeconform'))('kubeconform', { timeout: 60_000 }, async () => {
    const found = await kubeconform(
      plainSets().flatMap(set => filesOf('kubernetes', set)),
      VERSION,
    );
    expect(found.length).toBeGreaterThan(5);
    expect(missed(found)).toEqual([]);
  });

  it.runIf(need('kube-score'))('kube-score', { timeout: 120_000 }, async () => {
    const found: Finding[] = [];
    for (const set of plainSets()) found.push(...(await scored(filesOf('kubernetes', set))));
    expect(missed(found)).toEqual([]);
  });

  it.runIf(need('actionlint', 'hadolint', 'kube-score', 'kubeconform'))(
    'meet every line of the table',
    () => {
      expect(CLAIMS.filter(each => !met.has(each))).toEqual([]);
    },
  );
});

afterAll(() => {
  const head = ['judge', 'rule', 'where it says', 'both', 'theirs alone', 'ours, or why not'];
  const rows = [...agreement]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { both, theirs, why }]) => [...key.split('\t'), `${both}`, `${theirs}`, why]);
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map(row => row[i]?.length ?? 0)));
  const lines = [head, ...rows].map(row => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  '));
  console.log(lines.map(line => line.trimEnd()).join('\n'));
});
