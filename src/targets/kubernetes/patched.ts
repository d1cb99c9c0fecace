import { Document } from 'yaml';
import type { Model } from '../../model/model.ts';
import { patchDocuments } from '../patch.ts';
import { BASE, filesOf } from './base.ts';
import type { KubeObject, Manifest } from './object.ts';
import { objects } from './objects.ts';

/** The objects as the configuration's patches leave them: each environment has its own. */
export function patchedObjects(model: Model): readonly Manifest[] {
  const manifests = objects(model);
  const patchesOf = (file: string) => model.patches.filter(patch => patch.file === `${BASE}/${file}.yaml`);
  const patched = filesOf(manifests).filter(file => patchesOf(file).length > 0);
  return [
    ...manifests.filter(({ file }) => !patched.includes(file)),
    ...patched.flatMap(file => {
      const own = manifests.filter(manifest => manifest.file === file);
      const documents = own.map(({ object }) => new Document(object, { aliasDuplicateObjects: false }));
      patchDocuments(documents, patchesOf(file));
      return documents.map(document => ({ file, object: document.toJS() as KubeObject }));
    }),
  ];
}
