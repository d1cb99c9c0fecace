import type { Artifact } from '../../artifacts/artifact.ts';
import type { Engine } from '../../render/engine.ts';
import type { ConfigMap } from './object.ts';

/** An entry of configMapGenerator; an overlay replaces one of the base as a whole. */
export const generatorOf = (
  { file, name, labels, env, files, fixedName }: ConfigMap,
  behavior?: 'replace',
): object => ({
  name,
  behavior,
  envs: env && [`${file}.properties`],
  files: files && Object.keys(files).map(key => `${file}/${key}`),
  options: { labels, disableNameSuffixHash: fixedName },
});

/** The files that an entry is made of. One that the project lacks is missed by kustomize, which names it. */
export function configFiles(
  folder: string,
  { file, env, files = {} }: ConfigMap,
  engine: Engine,
): Artifact[] {
  const artifact = (path: string, content: string): Artifact => ({ path, content, target: 'kubernetes' });
  return [
    ...(env
      ? [
          artifact(
            `${folder}/${file}.properties`,
            engine.render('kubernetes/environment.properties', {
              variables: Object.entries(env).map(([name, value]) => ({ name, value })),
            }),
          ),
        ]
      : []),
    ...Object.entries(files).flatMap(([key, content]) =>
      content === undefined ? [] : [artifact(`${folder}/${file}/${key}`, content)],
    ),
  ];
}
