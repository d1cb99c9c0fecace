import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Artifact } from '../../artifacts/artifact.ts';
import type { ProjectModel } from '../../model/model.ts';
import type { Deployment } from '../../verify/deployment.ts';
import { endpointsOf, type Reach } from '../../verify/endpoints.ts';
import type { Flags } from '../../verify/probe.ts';
import { known, type Subject, strangerAt } from '../../verify/subject.ts';
import type { Context } from '../context.ts';
import { NoAnswerError } from '../exit.ts';
import type { VerifyOptions } from './options.ts';

/** An address alone is enough; where there is a configuration it says more. */
export async function modelOf(context: Context, { url }: VerifyOptions): Promise<ProjectModel | undefined> {
  const usual = context.configFile === 'aideploy.yaml';
  if (url !== undefined && usual && !existsSync(resolve(context.root, context.configFile))) return undefined;
  const { readModel } = await import('../project.ts');
  return readModel(context);
}

export async function subjectOf(
  context: Context,
  model: ProjectModel | undefined,
  reach: Reach,
  { platform }: VerifyOptions,
  deployed?: readonly Artifact[],
): Promise<Subject> {
  if (!model) return strangerAt(reach.url ?? new URL('http://127.0.0.1'), reach);
  const endpoints = endpointsOf(model, reach);
  if (endpoints.length === 0 && platform === undefined)
    throw new NoAnswerError('nothing of this configuration answers by HTTP; name a platform with --platform');
  const artifacts = deployed ?? (platform === undefined ? [] : await renderedFor(context, model));
  const target = endpoints[0]?.access.base.origin ?? model.name;
  return known({ target, model, endpoints, root: context.root, artifacts });
}

/** Platforms are compared with what this configuration renders now. */
async function renderedFor(context: Context, model: ProjectModel): Promise<readonly Artifact[]> {
  const [{ renderArtifacts }, { TARGETS }, { createEngine }, { readOverrides }] = await Promise.all([
    import('../../targets/render.ts'),
    import('../../targets/all.ts'),
    import('../../render/engine.ts'),
    import('../../workspace/overrides.ts'),
  ]);
  const engine = await createEngine({ overrides: await readOverrides(context.root) });
  const targets = TARGETS.filter(target => target.applies(model));
  return renderArtifacts(model, targets, engine);
}

/** Whatever this process knows as a secret of the configuration: a server may send back what it was sent. */
export function secretsOf({ model }: Deployment, { env }: Flags, token: string | undefined): string[] {
  const named = model?.services.flatMap(({ secrets }) => secrets.map(({ name }) => name)) ?? [];
  const smokes = JSON.stringify(model?.services.map(({ smoke }) => smoke) ?? []);
  const used = [...smokes.matchAll(/"secret\.(\w+)"/g)].map(([, name]) => name ?? '');
  return [token, ...[...named, ...used].map(name => env[name])].filter(value => value !== undefined);
}
