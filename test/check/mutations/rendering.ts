import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RawFile } from '../../../src/artifacts/read.ts';
import { type Recognised, recognise } from '../../../src/artifacts/recognise.ts';
import { assemble } from '../../../src/check/assemble.ts';
import { examine } from '../../../src/check/check.ts';
import { RULES } from '../../../src/check/rules/all.ts';
import { type Diagnostic, runRules } from '../../../src/check/run.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { TARGETS } from '../../../src/targets/all.ts';
import { renderArtifacts } from '../../../src/targets/render.ts';
import { type Case, FIXTURE_CASES } from '../../targets/cases.ts';

/** The fixtures name versions and models of their time, which end at theirs. */
const CIRCUMSTANCES = { ruleIds: RULES.map(rule => rule.id), today: '2025-07-31' };

export interface Rendering {
  /** The content of each file, by its path. */
  readonly contents: ReadonlyMap<string, string>;
  /** What is found beyond what was found before, once one file is another. */
  foundWith(path: string, content: string): Promise<readonly Diagnostic[]>;
}

const engine = createEngine();
const known = new Map<string, Promise<Rendering>>();

/** A golden configuration with all its targets. */
export function renderingOf(name: string): Promise<Rendering> {
  const rendering = known.get(name) ?? rendered(name);
  known.set(name, rendering);
  return rendering;
}

async function rendered(name: string): Promise<Rendering> {
  const found = FIXTURE_CASES.find(each => each.name === name);
  if (!found) throw new Error(`no golden configuration ${name}`);
  const { files, closed } = await collectedOf(found);
  // What stays as it is is read once: each file is recognised for itself.
  const parts = new Map<RawFile, Recognised>();
  for (const file of files) parts.set(file, await recognise([file]));
  const findingsIn = (set: ReadonlyMap<RawFile, Recognised>) =>
    runRules(
      RULES,
      assemble(
        joined([...set.values()]),
        { files: [...set.keys()], closed },
        { ...CIRCUMSTANCES, model: found.model },
      ),
    );
  const before = new Set(findingsIn(parts).map(keyOf));
  return {
    contents: new Map(files.map(file => [file.path, file.content])),
    foundWith: async (path, content) => {
      const changed = new Map<RawFile, Recognised>();
      for (const [file, part] of parts) {
        const now = file.path === path ? { ...file, content } : file;
        changed.set(now, now === file ? part : await recognise([now]));
      }
      return findingsIn(changed).filter(each => !before.has(keyOf(each)));
    },
  };
}

async function collectedOf({ model, file }: Case) {
  const root = mkdtempSync(join(tmpdir(), 'aideploy-mutations-'));
  try {
    copyFileSync(file, join(root, 'aideploy.yaml'));
    const targets = TARGETS.filter(target => target.applies(model));
    for (const { path, content, mode } of renderArtifacts(model, targets, await engine)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content, { mode: mode ?? 0o644 });
    }
    return (await examine(root, ['.'], { ...CIRCUMSTANCES, model })).collected;
  } finally {
    rmSync(root, { recursive: true });
  }
}

const joined = (parts: readonly Recognised[]): Recognised => ({
  documents: parts.flatMap(each => each.documents),
  complaints: parts.flatMap(each => each.complaints),
  texts: parts.flatMap(each => each.texts),
});

const keyOf = ({ rule, at, message }: Diagnostic) => `${rule} ${at.file} ${message}`;
