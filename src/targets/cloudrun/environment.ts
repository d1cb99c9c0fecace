import { referencesOf } from '../../config/schema/text.ts';
import type { CloudRun, CloudRunService } from '../../model/cloudrun.ts';
import type { Model } from '../../model/model.ts';
import { type Interpolated, interpolation } from '../../render/engine.ts';
import { Absent, textOf } from './place.ts';

export interface Environment {
  readonly variables: readonly { readonly name: string; readonly value: string | Interpolated }[];
  /** deploy.sh says which version, and leaves the line of an optional one out where there is none. */
  readonly secrets: readonly { readonly name: string; readonly id: string; readonly version: Interpolated }[];
  readonly absent: readonly { readonly name: string; readonly what: string }[];
}

export function environmentOf(model: Model, cloud: CloudRun, own: CloudRunService): Environment {
  const { service, secrets } = own;
  const texts = Object.entries(service.env)
    // Cloud Run sets it itself, to the port that it calls; the configuration was checked for another one.
    .filter(([name]) => name !== 'PORT')
    .map(([name, text]) => ({ name, value: textOf(text, model, cloud, service) }));
  return {
    variables: [
      ...runtimeVariables(own),
      ...texts.flatMap(({ name, value }) => (value instanceof Absent ? [] : [{ name, value }])),
    ],
    secrets: secrets.map(({ name, id }) => ({
      name,
      id,
      version: interpolation(`\${AIDEPLOY_SECRET_${name}}`),
    })),
    absent: texts.flatMap(({ name, value }) => (value instanceof Absent ? [{ name, what: value.what }] : [])),
  };
}

function runtimeVariables({ service, go }: CloudRunService): Environment['variables'] {
  if (service.source.language !== 'go') return [];
  return [
    { name: 'GOMEMLIMIT', value: `${go.goMemoryLimit}B` },
    { name: 'GOMAXPROCS', value: String(go.goMaxProcs) },
  ];
}

/** The other services whose hosts deploy.sh has to know before this one. */
export const callsOf = (cloud: CloudRun, { service }: CloudRunService): string[] => {
  const texts = [...Object.values(service.env), ...service.args, ...(service.command ?? [])];
  const named = new Set(texts.flatMap(referencesOf).map(name => /^services\.([^.]+)\./.exec(name)?.[1]));
  return cloud.services.map(each => each.service.key).filter(key => named.has(key));
};
