import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { programsIn, unusedExports } from './architecture/exports.ts';
import { MEASURED, median, RULES, unitOf } from './architecture/rules.ts';
import { readSource, readSources } from './architecture/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = readSources(root);

/** Units past 120 lines, and why they are. */
const LONG_UNITS: Readonly<Record<string, string>> = {};

describe('the architecture', () => {
  test('there is something to look at', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap(file => file.imports).length).toBeGreaterThan(100);
  });

  test.each(RULES)('$name', rule => {
    expect(sources.flatMap(file => rule.faults(file))).toEqual([]);
  });

  test('nothing is exported that no other file uses', () => {
    expect(unusedExports(programsIn(root))).toEqual([]);
  });

  test.each(MEASURED)('%s: units have a median of 50 lines or fewer', root => {
    const units = sources.filter(file => unitOf(file.path)?.root === root);
    expect(median(units.map(file => file.lines))).toBeLessThanOrEqual(50);
    const long = units.filter(file => file.lines > 120).map(file => file.path);
    expect(long.filter(path => !(path in LONG_UNITS))).toEqual([]);
  });

  test('every excuse for a long unit is still needed', () => {
    const needed = Object.keys(LONG_UNITS).filter(path =>
      sources.some(file => file.path === path && file.lines > 120),
    );
    expect(Object.keys(LONG_UNITS)).toEqual(needed);
  });
});

test('what npm test runs asks for no other program', () => {
  const tests = new Map(
    readSources(root, 'test').map(file => [file.path, file.imports.map(({ from }) => from)]),
  );
  const reached = (path: string, seen = new Set<string>()): Set<string> => {
    for (const from of tests.get(path) ?? []) if (!seen.has(from)) reached(from, seen.add(from));
    return seen;
  };
  const asks = (path: string) =>
    ['test/judges/judges.ts', 'test/services/programs.ts'].some(file => reached(path).has(file));
  const others = /^test\/(?:database|guides|judges|platforms|services)\/|\.programs\.test\.ts$/;
  const asking = [...tests.keys()].filter(path => path.endsWith('.test.ts') && asks(path));
  expect(asking.filter(path => !others.test(path))).toEqual([]);
  expect(asking).toContain('test/docs/readme.programs.test.ts');
});

test('an export without a user is seen, one of a neighbour or a test is none', () => {
  const texts = new Map([
    ['src/model/a.ts', 'export const idle = 1;\nexport const used = idle;\nexport type Tested = 2;'],
    ['src/model/b.ts', "import { used } from './a.ts';"],
    ['test/a.test.ts', "import type { Tested } from '../src/model/a.ts';"],
  ]);
  expect(unusedExports(texts)).toEqual(['src/model/a.ts: idle']);
});

/** Each guard sees what it is there for: a file that breaks it, and the fault it must report. */
const BREACHES: readonly [path: string, text: string, fault: string | RegExp][] = [
  ['src/model/a.ts', "import { config } from '../config/schema/config.ts';", /only types from config/],
  ['src/model/a.ts', "import { type A, b } from '../config/load.ts';", /only types from config/],
  ['src/model/a.ts', "import type { Target } from '../targets/target.ts';", /model must not import targets/],
  ['src/config/a.ts', "export * from '../model/build.ts';", /config must not import model/],
  ['src/targets/a.ts', "import { x } from '../check/run.ts';", /targets must not import check/],
  ['src/check/a.ts', "import { x } from '../verify/run.ts';", /check must not import verify/],
  ['src/verify/a.ts', "const x = await import('../release/run.ts');", /verify must not import release/],
  [
    'src/release/a.ts',
    "export type { Target } from '../targets/target.ts';",
    /release must not import targets/,
  ],
  ['src/check/a.ts', "import { createEngine } from '../render/engine.ts';", /check must not import render/],
  ['src/workspace/a.ts', "import type { Context } from '../cli/context.ts';", 'nothing imports cli'],
  ['src/report/json.ts', "import { run } from '../check/run.ts';", /result types only/],
  ['src/novelty/a.ts', "import { x } from '../model/build.ts';", /no place in the architecture/],
  ['src/model/a.ts', "import { x } from '../../test/registry.test.ts';", /outside of src/],
  [
    'src/targets/compose/a.ts',
    "import { y } from '../docker/index.ts';",
    /compose must not import its sibling docker/,
  ],
  ['src/check/rules/k8s/a.ts', "import { b } from './b.ts';", /k8s\/a must not import its sibling k8s\/b/],
  ['src/verify/probes/a.ts', "import { b } from './b/index.ts';", /a must not import its sibling b/],
  ['src/cli/commands/a.ts', "import { b } from './b.ts';", /a must not import its sibling b/],
  ['src/cli/a.ts', "import Handlebars from 'handlebars/runtime';", /handlebars belongs to/],
  ['src/platforms/ssh/a.ts', "import { execa } from 'execa';", /execa belongs to/],
  ['src/platforms/ssh/a.ts', "const { spawn } = require('child_process');", /child_process belongs to/],
  ['src/verify/a.ts', "import { x } from '@kubernetes/client-node';", /@kubernetes\/client-node belongs to/],
  ['src/detect/a.ts', "import { input } from '@inquirer/prompts';", /@inquirer\/prompts belongs to/],
  ['src/model/a.ts', "import { z } from 'zod';", /zod belongs to/],
  [
    'src/detect/a.ts',
    "import { readFile, writeFile } from 'node:fs/promises';",
    /: writeFile: only workspace/,
  ],
  ['src/detect/a.ts', "import { rmSync as gone } from 'fs';", /rmSync: only workspace/],
  ['src/platforms/kubernetes/cluster.ts', "import { mkdtemp } from 'node:fs/promises';", /only workspace/],
  ['src/workspace/plan.ts', "import { rename } from 'node:fs/promises';", /rename: only workspace/],
  ['src/detect/a.ts', "import * as fs from 'node:fs';", /\*: only workspace/],
  ['src/detect/a.ts', "import fs from 'node:fs';", /\*: only workspace/],
  ['src/detect/a.ts', "const fs = await import('node:fs/promises');", /\*: only workspace/],
  ['src/model/a.ts', 'const stop = () => process.exit(1);', 'process.exit belongs to cli'],
  ['src/model/a.ts', "if (x) process['exit'](1);", 'process.exit belongs to cli'],
  ['src/model/a.ts', "console.log('here');", 'console.log belongs to cli'],
  ['src/model/a.ts', "process.stdout.write('here');", /process\.stdout\.write belongs to cli/],
  ['src/model/a.ts', `${'\n'.repeat(250)}const x = 1;`, /251 lines; 250 at most/],
  ['src/model/a.ts', `const f = () => {${'\n'.repeat(60)}};`, /a function of 61 lines/],
  ['src/model/utils.ts', '', /name the file/],
  ['src/check/a.ts', "const text = 'it’s';", /’ is not ASCII/],
  ['src/check/a.ts', 'const text = `${a} → ${b}`;', /→ is not ASCII/],
];

/** What looks like a breach and is none. */
const LAWFUL: readonly [path: string, text: string][] = [
  ['src/model/a.ts', "import type { Config } from '../config/schema/config.ts';"],
  ['src/model/a.ts', "import { type Config, type Text } from '../config/schema/config.ts';"],
  ['src/report/json.ts', "import type { Result } from '../verify/probe.ts';"],
  ['src/targets/all.ts', "import { a } from './compose/index.ts'; import { b } from './docker/index.ts';"],
  ['src/targets/compose/a.ts', "import { b } from './b.ts'; import type { Target } from '../target.ts';"],
  ['src/cli/commands/a.ts', "import { EXIT } from '../exit.ts'; process.exit(EXIT.no); console.log('x');"],
  ['src/workspace/write.ts', "import { rename, writeFile } from 'node:fs/promises';"],
  ['src/platforms/kubernetes/kustomize.ts', "import { mkdtemp, writeFile } from 'node:fs/promises';"],
  ['src/detect/a.ts', "import { type Dirent, readFileSync } from 'node:fs';"],
  ['src/model/a.ts', `const f = () => \`${'\n'.repeat(60)}\`;`],
  ['src/check/a.ts', 'const text = /…/; // it’s read, not said'],
  ['src/report/verification/html.ts', "const text = 'it’s';"],
  ['src/model/a.ts', "const text = 'process.exit(1); console.log()'; // console.log"],
  ['src/cli/a.ts', "import { x } from '../targets/all.ts'; import { input } from '@inquirer/prompts';"],
];

describe('the guards themselves', () => {
  const faultsOf = (path: string, text: string) => RULES.flatMap(rule => rule.faults(readSource(path, text)));

  test.each(BREACHES)('%s: %s', (path, text, fault) => {
    expect(faultsOf(path, text)).toEqual([expect.stringMatching(fault)]);
  });

  test.each(LAWFUL)('%s: %s is lawful', (path, text) => {
    expect(faultsOf(path, text)).toEqual([]);
  });

  test('the median is the middle', () => {
    expect([median([]), median([3]), median([9, 1, 5]), median([10, 20, 40, 90])]).toEqual([0, 3, 5, 30]);
  });
});
