import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../../src/cli/program.ts';
import { settingsOf } from '../../../src/model/workflow-settings.ts';
import { actions } from '../../../src/targets/github/actions.ts';
import { github } from '../../../src/targets/github/index.ts';
import { minimal } from '../../config/fixtures.ts';
import { modelOf } from '../../model/models.ts';
import { cases, engine, workflows } from './rendered.ts';
import type { Job, Step } from './steps.ts';

/** What stands in expressions of one kind: `secrets.NAME`, `vars.NAME`. */
const named = (content: string, kind: 'secrets' | 'vars'): string[] => [
  ...new Set(
    [...content.matchAll(/\$\{\{(.*?)\}\}|^\s*if: (.*)$/gm)].flatMap(([, inside, condition]) =>
      [
        ...(inside ?? condition ?? '')
          .replaceAll(/'[^']*'/g, '')
          .matchAll(new RegExp(`\\b${kind}\\.(\\w+)`, 'g')),
      ].map(([, name = '']) => name),
    ),
  ),
];

test('environments render the workflows of the whole file', () => {
  const rendered = (name: string) =>
    github
      .render(cases.find(each => each.name === name)?.model as never, engine)
      .map(({ content }) => content);
  expect(rendered('full@staging')).toEqual(rendered('full'));
});

describe('settings', () => {
  test.each(cases)('of $name are those that its workflows read', ({ model }) => {
    const settings = settingsOf(model);
    for (const [kind, context] of [
      ['secret', 'secrets'],
      ['variable', 'vars'],
    ] as const) {
      const read = github
        .render(model, engine)
        .filter(({ path }) => path.endsWith('.yml'))
        .flatMap(({ path, content }) =>
          named(content, context).map(name => `${name} ${path.split('/').at(-1)}`),
        );
      const explained = settings
        .filter(setting => setting.kind === kind)
        .flatMap(({ name, workflows }) => workflows.map(each => `${name} ${each}.yml`));
      expect(explained.toSorted()).toEqual(read.toSorted());
    }
    expect(settings.map(({ name }) => name)).toEqual([...new Set(settings.map(({ name }) => name))]);
  });
});

describe.each(workflows)('$title', ({ content, jobs, steps }) => {
  test('uses actions of the table, each by its commit and with its version beside', () => {
    const uses = [...content.matchAll(/uses: (\S+) # (\S+)$/gm)].map(([, uses, version]) => ({
      uses,
      version,
    }));
    const table = Object.values(actions);
    for (const each of uses) expect(table).toContainEqual(each);
    const all = steps.flatMap(({ uses }) => uses ?? []);
    expect(all).toEqual(uses.map(each => each.uses));
    for (const each of all) expect(each).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  test('may do nothing but what a job asks for, and no job for ever', () => {
    expect(parse(content)).toMatchObject({ permissions: {}, defaults: { run: { shell: 'bash' } } });
    for (const [name, job] of Object.entries(jobs)) {
      expect(job.permissions, name).toEqual(expect.objectContaining({ contents: expect.any(String) }));
      if (!job.uses) expect(job['timeout-minutes'], name).toBeGreaterThan(0);
    }
  });

  test('keeps no credentials in checkouts, and puts no expression into a script', () => {
    for (const { uses, run, with: inputs } of steps) {
      if (uses?.startsWith('actions/checkout@'))
        expect(inputs).toMatchObject({ 'persist-credentials': false });
      expect(run ?? '').not.toContain('${{');
    }
  });

  test('calls no command or flag that this program has not', () => {
    for (const line of commandLines(steps)) expect(() => parseOnly(line), line.join(' ')).not.toThrow();
  });

  test('deploys by digest, one environment after the other, after CI, and goes back when it failed', () => {
    const deploys = Object.entries(jobs).filter(([name]) => name.startsWith('deploy-'));
    for (const [i, [name, job]] of deploys.entries()) deploysWell(jobs, name, job, deploys[i - 1]?.[0]);
    if (deploys.length > 0) expect(deploys.at(-1)?.[0]).toBe('deploy-production');
  });
});

test('there are command lines to look at', () => {
  const all = new Set(workflows.flatMap(({ steps }) => commandLines(steps).map(([command]) => command)));
  expect([...all].toSorted()).toEqual(['check', 'deploy', 'releases', 'render', 'rollback']);
});

test('a flag that is not there is seen', () => {
  expect(() => parseOnly(['render', '--chekc'])).toThrow(/unknown option/);
  expect(() => parseOnly(['rollbak'])).toThrow();
});

function commandLines(steps: readonly Step[]): string[][] {
  return steps.flatMap(({ run = '' }) =>
    [...run.matchAll(/^(?:exec )?npx --yes "\$AIDEPLOY_PACKAGE" (.*)$/gm)].map(([, line = '']) =>
      line
        .split(' ')
        // What a step puts together, it puts together of flags.
        .filter(word => !/^"\$\{\w+\[@\]\}"$/.test(word))
        .map(word => word.replaceAll('"', '').replace(/^\$.*/, 'x')),
    ),
  );
}

/** Commander's own reading of a command line; nothing is performed. */
function parseOnly(line: readonly string[]): void {
  const program = createProgram('0', { code: 0 });
  for (const each of [program, ...program.commands]) {
    each.exitOverride().configureOutput({ writeErr: () => {} });
    each.action(() => {});
  }
  const command = program.commands.find(each => each.name() === line[0]);
  if (!command) throw new Error(`no command ${line[0]}`);
  program.parse([...line], { from: 'user' });
}

function deploysWell(jobs: Record<string, Job>, name: string, job: Job, before: string | undefined): void {
  const environment = name.replace('deploy-', '');
  expect(jobs['images']?.needs).toBe('ci');
  expect(jobs['ci']?.uses).toBe('./.github/workflows/ci.yml');
  expect(job.needs).toEqual(before ? ['images', before] : ['images']);
  expect(job).toMatchObject({
    environment: { name: environment },
    concurrency: { group: expect.stringMatching(`-${environment}$`), 'cancel-in-progress': false },
  });
  const at = job.steps?.findIndex(step => step.name === 'Deploy') ?? -1;
  const [deploy, ...after] = job.steps?.slice(at) ?? [];
  expect(deploy?.id).toBe('deploy');
  expect(deploy?.env?.['IMAGES']).toBe('${{ toJSON(needs.images.outputs) }}');
  expect(after.map(step => step.name)).toEqual(['Go back from a deploy that was cancelled', 'Report']);
  expect(after.at(-2)?.if).toMatch(/^cancelled\(\) && steps\.deploy\./);
  expect(after.at(-1)?.if).toBe('always()');
}

describe('notes', () => {
  const notes = (more: string) => github.notes?.(modelOf(minimal(more)));

  test.each<[string, string, RegExp[]]>([
    ['nothing is left out', 'targets: {kubernetes: {}, github: {workflows: [deploy-k8s]}}', []],
    [
      'a platform that is not there',
      'targets: {github: {workflows: [ci, deploy-k8s, deploy-cloudrun]}}',
      [
        /^github: deploy-k8s is left out: there is no targets\.kubernetes$/,
        /deploy-cloudrun .* targets\.cloudrun$/,
      ],
    ],
    [
      'environments that would deploy over production',
      'targets: {cloudrun: {project: my-project, region: us-central1}, github: {workflows: [deploy-cloudrun]}}\nenvironments: {staging: {}, other: {targets: {cloudrun: {project: other-project}}}}',
      [/^github: deploy-cloudrun leaves out staging: in my-project, us-central1 /],
    ],
  ])('%s', (_, more, expected) => {
    expect(notes(more)).toEqual(expected.map(each => expect.stringMatching(each)));
  });
});
