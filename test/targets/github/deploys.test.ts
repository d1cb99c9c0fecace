/** What jobs that change a deployment may read, and the way back by hand. */
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { workflows } from './rendered.ts';
import type { Job } from './steps.ts';

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
    ['rollback-cloudrun.yml of several-platforms', { contents: 'read', 'id-token': 'write' }, [GOOGLE]],
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
  const rollbacks = workflows.filter(({ title }) => title.startsWith('rollback-'));

  test('comes with each deploy, for the same environments, never at the same time', () => {
    expect(rollbacks.length).toBe(workflows.filter(({ title }) => title.startsWith('deploy-')).length);
    expect(rollbacks.length).toBeGreaterThan(5);
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
    ['k8s', 'full', ['migration', 'no-rollback'], ['environment', 'release', 'across-migrations']],
    ['k8s', 'several-platforms', ['no-rollback'], ['environment', 'release']],
    ['cloudrun', 'full', ['migration', 'no-rollback'], ['environment', 'release', 'across-migrations']],
    ['cloudrun', 'several-platforms', ['no-rollback'], ['environment', 'release']],
  ])('to %s, %s asks about migrations where there are any', (place, name, deploy, rollback) => {
    const inputsOf = (file: string) => {
      const { content = '' } = workflows.find(({ title }) => title === `${file} of ${name}`) ?? {};
      return Object.keys(
        (parse(content) as { on: { workflow_dispatch: { inputs: Inputs } } }).on.workflow_dispatch.inputs,
      );
    };
    expect(inputsOf(`deploy-${place}.yml`)).toEqual(deploy);
    expect(inputsOf(`rollback-${place}.yml`)).toEqual(rollback);
  });
});

type Inputs = Readonly<Record<string, { readonly options?: readonly string[] }>>;
