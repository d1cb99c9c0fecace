import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { RULES } from '../src/check/rules/all.ts';
import { COMMANDS } from '../src/cli/commands/all.ts';
import { STRATEGIES } from '../src/release/strategies/all.ts';
import { TARGETS } from '../src/targets/all.ts';
import { PROBES } from '../src/verify/probes/all.ts';
import { faultsOf, type Registry } from './registry/registry.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const REGISTRIES: readonly Registry[] = [
  {
    name: 'rules',
    folder: 'src/check/rules',
    groups: true,
    list: async () => RULES.map(rule => rule.id),
    needs: id => [`test/check/${id}/ok`, `test/check/${id}/bad`],
  },
  {
    name: 'commands',
    folder: 'src/cli/commands',
    list: async () => COMMANDS.map(command => command.name),
    ordered: 'as people read it',
  },
  {
    name: 'strategies',
    folder: 'src/release/strategies',
    list: async () => Object.keys(STRATEGIES),
  },
  {
    name: 'targets',
    folder: 'src/targets',
    foldersOnly: true,
    list: async () => TARGETS.map(target => target.id),
    needs: id => [`templates/${id}`, `test/targets/${id}`],
  },
  {
    name: 'probes',
    folder: 'src/verify/probes',
    list: async () => PROBES.map(probe => probe.id),
  },
];

/** Folders of units that have to be in the list above as soon as they are there. */
const FOLDERS = [
  'src/check/rules',
  'src/cli/commands',
  'src/release/strategies',
  'src/targets',
  'src/verify/probes',
];

describe('lists and folders', () => {
  test.each(REGISTRIES)('$name agree', async registry => {
    expect(await faultsOf(root, registry)).toEqual([]);
  });

  test('every folder of units has its row', () => {
    const rows = REGISTRIES.map(registry => registry.folder);
    expect(FOLDERS.filter(folder => existsSync(join(root, folder)))).toEqual(rows.toSorted());
  });

  test('every target says what it is', () => {
    for (const target of TARGETS) expect(target.title, target.id).toMatch(/^[A-Z].{8,90}[^.]$/);
  });

  test('every probe says what it proves', () => {
    for (const probe of PROBES) expect(probe.title, probe.id).toMatch(/^[a-z].{8,110}[^.]$/);
  });

  test('every command says what it does, and no flag stands for two things', () => {
    for (const command of COMMANDS) expect(command.summary, command.name).toMatch(/^[a-z].{8,110}[^.]$/);
  });
});

describe('the guard itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'aideploy-registry-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (path: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), '');
  };
  for (const path of ['units/all.ts', 'units/one.ts', 'units/two/index.ts', 'extra/one/x', 'rules/k8s/a.ts'])
    write(path);
  mkdirSync(join(folder, 'extra/two'));
  const registry = (list: readonly string[], more: Partial<Registry> = {}): Registry => ({
    name: 'units',
    folder: 'units',
    list: async () => list,
    ...more,
  });

  test.each<[string, Registry, string[]]>([
    ['agreement', registry(['one', 'two']), []],
    ['a unit that is not listed', registry(['one']), ['units/two is there, but it is not listed']],
    [
      'a listed unit that is not there',
      registry(['one', 'six', 'two']),
      ['six is listed, but units/six is not there'],
    ],
    ['an id listed twice', registry(['one', 'one', 'two']), ['one is listed twice']],
    [
      'an order that is not alphabetical',
      registry(['two', 'one']),
      ['one stands after two; the list is alphabetical'],
    ],
    ['an order of its own', registry(['two', 'one'], { ordered: 'as people read it' }), []],
    ['shared files beside folders', registry(['two'], { foldersOnly: true }), []],
    ['groups', registry(['k8s/a'], { folder: 'rules', groups: true }), []],
    [
      'a group’s unit not listed',
      registry([], { folder: 'rules', groups: true }),
      ['rules/k8s/a is there, but it is not listed'],
    ],
    [
      'an empty folder that is needed',
      registry(['one', 'two'], { needs: id => [`extra/${id}`] }),
      ['two needs extra/two, which is empty or not there'],
    ],
    [
      'an id of another style',
      registry(['One', 'one', 'two']),
      ['One is listed, but units/One is not there', 'One is not kebab-case'],
    ],
  ])('%s', async (_, given, faults) => {
    expect(await faultsOf(folder, given)).toEqual(faults);
  });
});
