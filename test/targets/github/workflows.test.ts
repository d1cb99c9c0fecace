import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../../../src/cli/program.ts';
import { settingsOf } from '../../../src/model/workflow-settings.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { actions } from '../../../src/targets/github/actions.ts';
import { github } from '../../../src/targets/github/index.ts';
import { minimal } from '../../config/fixtures.ts';
import { modelOf } from '../../model/models.ts';
import { FIXTURE_CASES, ownCases } from '../cases.ts';
import { type Job, jobsOf, type Step, stepsOf } from './steps.ts';

const engine = await createEngine();
const cases = [...FIXTURE_CASES, ...ownCases('github')].filter(({ model }) => github.applies(model));
const workflows = cases
  .filter(({ name }) => !name.includes('@'))
  .flatMap(({ name, model }) =>
    github
      .render(model, engine)
      .filter(({ path }) => path.endsWith('.yml'))
      .map(({ path, content }) => ({
        title: `${path.split('/').at(-1)} of ${name}`,
        content,
        jobs: jobsOf(content),
        steps: stepsOf(content),
      })),
  );

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
  expect([...all].toSorted()).toEqual(['check', 'deploy', 'releases', 'render', 'rollback', 'verify']);
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
        .filter(word => word !== '"${flags[@]}"')
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
  const hand = deploy?.run?.includes('deploy/cloudrun/deploy.sh');
  expect(deploy?.id).toBe('deploy');
  if (hand) expect(deploy?.env?.['DIGESTS']).toBe('${{ toJSON(needs.images.outputs) }}');
  expect(after.map(step => step.name)).toEqual([
    ...(hand ? ['Verify', 'Go back to what served before'] : ['Go back from a deploy that was cancelled']),
    'Report',
  ]);
  expect(after.at(-2)?.if).toMatch(/^(?:\(failure\(\) \|\| )?cancelled\(\)\)? && steps\.deploy\./);
  expect(after.at(-1)?.if).toBe('always()');
}

describe('what deploys may read', () => {
  const deploysOf = (name: string) =>
    Object.entries(workflows.find(({ title }) => title === name)?.jobs ?? {}).filter(([job]) =>
      /^(?:deploy|rollback)-/.test(job),
    );
  const usesOf = ({ steps = [] }: Job) => steps.flatMap(({ uses }) => uses?.replace(/@.*/, '') ?? []);
  const LOGIN = 'docker/login-action';
  const GOOGLE = 'google-github-actions/auth';

  test.each<[string, object, readonly string[]]>([
    ['deploy-k8s.yml of full', { contents: 'read', packages: 'read' }, [LOGIN]],
    ['rollback-k8s.yml of full', { contents: 'read' }, []],
    ['deploy-k8s.yml of several-platforms', { contents: 'read', 'id-token': 'write' }, [GOOGLE, LOGIN]],
    ['rollback-k8s.yml of several-platforms', { contents: 'read', 'id-token': 'write' }, [GOOGLE]],
    ['deploy-cloudrun.yml of several-platforms', { contents: 'read', 'id-token': 'write' }, [GOOGLE]],
  ])('%s: %o, by %j', (name, permissions, logins) => {
    const deploys = deploysOf(name);
    expect(deploys.map(([job]) => job.replace(/^\w+-/, ''))).toContain('production');
    for (const [, job] of deploys) {
      expect(job.permissions).toEqual(permissions);
      expect(usesOf(job).filter(each => each === LOGIN || each === GOOGLE)).toEqual(logins);
    }
  });

  test('a token of Google for its registry, a file for its platforms', () => {
    const inputs = deploysOf('deploy-k8s.yml of several-platforms').map(
      ([, { steps = [] }]) => steps.find(({ uses }) => uses?.startsWith(GOOGLE))?.with,
    );
    for (const each of inputs) {
      expect(each).toMatchObject({ token_format: 'access_token' });
      expect(each).not.toHaveProperty('create_credentials_file');
    }
  });
});

describe('the way back by hand', () => {
  const rollbacks = workflows.filter(({ title }) => title.startsWith('rollback-k8s.yml'));

  test('comes with each deploy to Kubernetes, for the same environments, never at the same time', () => {
    expect(rollbacks.length).toBeGreaterThan(3);
    for (const { title, content, jobs } of rollbacks) {
      const deploys = workflows.find(each => each.title === title.replace('rollback', 'deploy'))?.jobs ?? {};
      const { on } = parse(content) as { on: { workflow_dispatch: { inputs: Inputs } } };
      const names = Object.keys(deploys).flatMap(job => /^deploy-(.*)/.exec(job)?.[1] ?? []);
      expect(on.workflow_dispatch.inputs['environment']?.options).toEqual(names);
      expect(Object.keys(jobs)).toEqual(names.map(name => `rollback-${name}`));
      for (const name of names) {
        expect(jobs[`rollback-${name}`]).toMatchObject({
          if: `inputs.environment == '${name}'`,
          environment: { name },
          concurrency: deploys[`deploy-${name}`]?.concurrency,
        });
      }
    }
  });

  test.each([
    ['full', ['migration', 'no-rollback'], ['environment', 'release', 'across-migrations']],
    ['several-platforms', ['no-rollback'], ['environment', 'release']],
  ])('%s asks about migrations where there are any', (name, deploy, rollback) => {
    const inputsOf = (file: string) => {
      const { content = '' } = workflows.find(({ title }) => title === `${file} of ${name}`) ?? {};
      return Object.keys(
        (parse(content) as { on: { workflow_dispatch: { inputs: Inputs } } }).on.workflow_dispatch.inputs,
      );
    };
    expect(inputsOf('deploy-k8s.yml')).toEqual(deploy);
    expect(inputsOf('rollback-k8s.yml')).toEqual(rollback);
  });
});

type Inputs = Readonly<Record<string, { readonly options?: readonly string[] }>>;

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
