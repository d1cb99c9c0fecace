/** Whoever breaks what is rendered hears of it from the rule that knows, on the line that is broken, and from no other. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Collected } from '../../../src/artifacts/read.ts';
import { examine, judged } from '../../../src/check/check.ts';
import { RULES } from '../../../src/check/rules/all.ts';
import { type Diagnostic, runRules } from '../../../src/check/run.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { TARGETS } from '../../../src/targets/all.ts';
import { renderArtifacts } from '../../../src/targets/render.ts';
import { FIXTURE_CASES } from '../../targets/cases.ts';
import { MUTATIONS } from './all.ts';
import type { Mutation } from './mutation.ts';

const engine = await createEngine();
const folder = mkdtempSync(join(tmpdir(), 'aideploy-mutations-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The fixtures name versions and models of their time, which end at theirs. */
const CIRCUMSTANCES = { ruleIds: RULES.map(rule => rule.id), today: '2025-07-31' };

interface Rendered {
  readonly collected: Collected;
  find(collected: Collected): Promise<readonly Diagnostic[]>;
  /** What is found before anything is broken: information only. */
  readonly before: ReadonlySet<string>;
}

const rendered = new Map<string, Promise<Rendered>>();
const keyOf = ({ rule, at, message }: Diagnostic) => `${rule} ${at.file} ${message}`;

function renderingOf(name: string): Promise<Rendered> {
  const known = rendered.get(name) ?? render(name);
  rendered.set(name, known);
  return known;
}

async function render(name: string): Promise<Rendered> {
  const found = FIXTURE_CASES.find(each => each.name === name);
  if (!found) throw new Error(`no golden configuration ${name}`);
  const { model, file } = found;
  const root = join(folder, name);
  mkdirSync(root);
  copyFileSync(file, join(root, 'aideploy.yaml'));
  const targets = TARGETS.filter(target => target.applies(model));
  for (const { path, content, mode } of renderArtifacts(model, targets, engine)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content, { mode: mode ?? 0o644 });
  }
  const { collected, context } = await examine(root, ['.'], { ...CIRCUMSTANCES, model });
  return {
    collected,
    before: new Set(runRules(RULES, context).map(keyOf)),
    find: async changed =>
      runRules(RULES, (await judged(changed, new Set(), { ...CIRCUMSTANCES, model })).context),
  };
}

/** The files with one changed, and the line where it was. */
function changed({ files, ...rest }: Collected, { file, from, to }: Mutation) {
  const original = files.find(each => each.path === file);
  if (!original) throw new Error(`${file} is not rendered`);
  const text = original.content;
  const offset = typeof from === 'string' ? text.indexOf(from) : text.search(from);
  if (offset < 0) throw new Error(`${file} does not hold ${from}`);
  const broken = text.slice(0, offset) + text.slice(offset).replace(from, () => to);
  const collected: Collected = {
    ...rest,
    files: files.map(each => (each === original ? { ...each, content: broken } : each)),
  };
  const first = text.slice(0, offset).split('\n').length;
  return { collected, broken, lines: { first, last: first + to.split('\n').length - 1 } };
}

describe('what is rendered, with one thing changed', () => {
  test.each(MUTATIONS.map(each => ({ ...each, title: `${each.file}: ${each.from} -> ${each.to}` })))(
    '$rule: $title',
    async mutation => {
      const { collected, before, find } = await renderingOf(mutation.of ?? 'full');
      const change = changed(collected, mutation);
      const found = (await find(change.collected)).filter(each => !before.has(keyOf(each)));
      const mine = found.filter(each => each.rule === mutation.rule);
      expect(mine.map(each => each.rule)).toContain(mutation.rule);
      const file = mutation.at?.file ?? mutation.file;
      const text = file === mutation.file ? change.broken : textOf(collected, file);
      const wanted = mutation.at
        ? [text.split('\n').findIndex(line => line.includes(mutation.at?.line ?? '')) + 1]
        : linesBetween(change.lines);
      const places = mine.map(each => `${each.at.file}:${each.at.line}`);
      expect(places.filter(place => wanted.some(line => place === `${file}:${line}`))).not.toEqual([]);
      const unrelated = found.filter(
        each => each.rule !== mutation.rule && !mutation.also?.includes(each.rule),
      );
      expect(unrelated.map(each => `${each.rule} ${each.at.file}:${each.at.line} ${each.message}`)).toEqual(
        [],
      );
    },
  );

  test('no rule is proven twice by the same change', () => {
    const changes = MUTATIONS.map(({ rule, of, file, from, to }) => `${rule} ${of} ${file} ${from} ${to}`);
    expect(changes.length).toBe(new Set(changes).size);
  });
});

const linesBetween = ({ first, last }: { first: number; last: number }) =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);

const textOf = ({ files }: Collected, file: string) => files.find(each => each.path === file)?.content ?? '';
