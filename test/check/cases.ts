import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Collected } from '../../src/artifacts/read.ts';
import { examine, judged } from '../../src/check/check.ts';
import type { Rule } from '../../src/check/rule.ts';
import { RULES } from '../../src/check/rules/all.ts';
import { type Diagnostic, runRules } from '../../src/check/run.ts';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import type { Model } from '../../src/model/model.ts';

export const TEST_CHECK = fileURLToPath(new URL('.', import.meta.url));
export const EXPECTED = 'expected.txt';

/** The folders `ok`, `ok-…`, `bad` and `bad-…` of a rule: each is a set of its own. */
export function casesOf(id: string): { readonly ok: readonly string[]; readonly bad: readonly string[] } {
  const folder = join(TEST_CHECK, id);
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const like = (start: string) =>
    names.filter(name => name === start || name.startsWith(`${start}-`)).map(name => join(folder, name));
  return { ok: like('ok'), bad: like('bad') };
}

const CIRCUMSTANCES = { ruleIds: RULES.map(rule => rule.id), today: '2026-11-21' };

export async function findingsIn(rules: readonly Rule[], folder: string): Promise<readonly Diagnostic[]> {
  return (await stateOf(rules, folder)).findings;
}

export async function stateOf(rules: readonly Rule[], folder: string) {
  const model = modelOf(folder);
  const { context, collected } = await examine(folder, ['.'], {
    ...CIRCUMSTANCES,
    ...(model ? { model } : {}),
  });
  return { collected, findings: runRules(rules, context) };
}

/** What the aideploy.yaml of a case resolves to. */
function modelOf(folder: string): Model | undefined {
  const file = join(folder, 'aideploy.yaml');
  return existsSync(file) ? buildModel(loadConfig(file, readFileSync(file)), undefined, {}) : undefined;
}

/** The same of files whose contents are given. */
export async function judgedAgain(rules: readonly Rule[], collected: Collected) {
  const { context } = await judged(collected, new Set(), CIRCUMSTANCES);
  return {
    findings: runRules(rules, context),
    unreadable: context.complaints.filter(each => each.rule === 'file/unreadable').map(each => each.message),
  };
}

/** What `expected.txt` holds: a line for each finding, and below it what it rests on. */
export const written = (found: readonly Diagnostic[]): string =>
  found
    .flatMap(({ at, severity, message, related, fixable }) => [
      `${at.file}:${at.line}:${at.column} ${severity}${fixable === 'no' ? '' : ` (${fixable})`}: ${message}`,
      ...related.map(each => `  ${each.file}:${each.line}:${each.column} ${each.message}`),
    ])
    .map(line => `${line}\n`)
    .join('');

/** The expected text of a case, rewritten first where UPDATE_GOLDEN asks for it. */
export function expectedOf(folder: string, actual: string): string {
  const file = join(folder, EXPECTED);
  if (process.env['UPDATE_GOLDEN']) writeFileSync(file, actual);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
