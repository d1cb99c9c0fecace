import { parseAllDocuments } from 'yaml';
import type { Model } from '../../model/model.ts';
import type { Engine } from '../../render/engine.ts';
import { applyPatches } from '../patch.ts';
import { BASE, filesOf, manifestFile } from './base.ts';
import type { KubeObject, Manifest } from './object.ts';
import { objects } from './objects.ts';

/** The objects as the configuration's patches leave them: each environment has its own. */
export function patchedObjects(model: Model, engine: Engine): readonly Manifest[] {
  const manifests = objects(model);
  const patched = filesOf(manifests).filter(file =>
    model.patches.some(patch => patch.file === `${BASE}/${file}.yaml`),
  );
  return [
    ...manifests.filter(({ file }) => !patched.includes(file)),
    ...patched.flatMap(file =>
      applyPatches([manifestFile(BASE, file, manifests, engine)], model.patches)
        .flatMap(({ content }) => parseAllDocuments(content))
        .map(document => ({ file, object: document.toJS() as KubeObject })),
    ),
  ];
}
