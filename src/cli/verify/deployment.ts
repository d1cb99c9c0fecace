import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Artifact } from '../../artifacts/artifact.ts';
import type { ProjectModel } from '../../model/model.ts';
import type { Access, Deployment, Endpoint } from '../../verify/deployment.ts';
import { endpointsOf, isOutside, type Reach } from '../../verify/endpoints.ts';
import type { Context } from '../context.ts';
import { NoAnswerError } from '../exit.ts';
import { readModel } from '../project.ts';
import type { VerifyOptions } from './options.ts';

/** An address alone is enough; where there is a configuration it says more. */
export async function modelOf(context: Context, { url }: VerifyOptions): Promise<ProjectModel | undefined> {
  if (url !== undefined && !existsSync(resolve(context.root, context.configFile))) return undefined;
  return readModel(context);
}

/** What is verified, and of an address alone what was found out of it meanwhile. */
export interface Subject {
  readonly deployment: Deployment;
  explored(): Deployment | undefined;
}

export async function subjectOf(
  context: Context,
  model: ProjectModel | undefined,
  reach: Reach,
  options: VerifyOptions,
): Promise<Subject> {
  if (!model) return strangerAt(reach);
  const endpoints = endpointsOf(model, reach);
  if (endpoints.length === 0 && options.platform === undefined)
    throw new NoAnswerError('nothing of this configuration answers by HTTP; name a platform with --platform');
  const artifacts = options.platform === undefined ? [] : await renderedFor(context, model);
  const target = endpoints[0]?.access.base.origin ?? model.name;
  return {
    deployment: { target, model, endpoints, root: context.root, artifacts },
    explored: () => undefined,
  };
}

function strangerAt({ url, connectTo, ca, token }: Reach): Subject {
  const base = url ?? new URL('http://127.0.0.1');
  const access: Access = { base, public: isOutside(base), connectTo, ca, token };
  let endpoint: Endpoint | undefined;
  const found = (each: Endpoint) => {
    endpoint = each;
  };
  const empty = { target: base.href, model: undefined, artifacts: [] };
  return {
    deployment: { ...empty, endpoints: [], unexplored: { access, found } },
    explored: () => endpoint && { ...empty, endpoints: [endpoint] },
  };
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
  return renderArtifacts(
    model,
    TARGETS.filter(target => target.applies(model)),
    engine,
  );
}
