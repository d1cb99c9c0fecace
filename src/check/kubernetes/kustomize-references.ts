import type { Document } from '../../artifacts/document.ts';
import { built } from '../../artifacts/kubernetes/kustomize.ts';
import type { KubernetesObject } from '../../artifacts/kubernetes/object.ts';
import { isFor, patchesOf } from '../../artifacts/kubernetes/transform.ts';
import { beside } from '../../artifacts/text.ts';
import { at, itemsOf, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import { readYaml } from '../../artifacts/yaml-reader.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { spoken } from './made-elsewhere.ts';

/** Files and folders that a kustomization names and that are not there, and patches for nothing: `kustomize build` fails. */
export const brokenKustomizations = (context: Context): Finding[] =>
  context.of('kustomization').flatMap(each => {
    // One that a guide shows stands in a folder that is not known.
    if (each.text.within) return [];
    const absent = absentResources(context, each);
    return absent.length > 0 ? absent : idlePatches(context, each);
  });

const FILE = /\.(?:ya?ml|json)$/;
/** Folders that are not entered when a project is read. */
const UNREAD = /(?:^|\/)(?:node_modules|vendor|testdata\d*|fixtures|__fixtures__|expected|\.[^/]+)(?:\/|$)/;

function absentResources(context: Context, document: Document<'kustomization'>): Finding[] {
  const listed = ['resources', 'bases', 'components', 'patchesStrategicMerge'].flatMap(key =>
    itemsOf(at(document.body, key)),
  );
  const paths = [...listed, ...itemsOf(at(document.body, 'patches')).flatMap(item => at(item, 'path') ?? [])];
  return paths.flatMap((node): Finding[] => {
    const path = textOfNode(node) ?? '';
    if (path === '' || /\n|:\/\/|^git@|\?ref=|^github\.com\/|[${}*]/.test(path)) return [];
    const wanted = beside(document.name, path);
    if (wanted === undefined || UNREAD.test(wanted) || isThere(context, wanted)) return [];
    // A step before the build may make it.
    const last = wanted.split('/').at(-1) ?? '';
    if (FILE.test(path) && spoken(context).some(text => text.includes(last))) return [];
    return [
      {
        at: placeOf(node),
        message: `the kustomization names ${path}, and there is no ${FILE.test(path) ? wanted : `kustomization in ${wanted === '' ? '.' : wanted}`}`,
      },
    ];
  });
}

function isThere({ texts, complaints }: Context, wanted: string): boolean {
  const folder = wanted === '' ? '' : `${wanted}/`;
  const names = FILE.test(wanted)
    ? [wanted]
    : ['kustomization.yaml', 'kustomization.yml', 'Kustomization'].map(each => folder + each);
  return names.some(name => texts.has(name) || complaints.some(each => each.at.file === name));
}

function idlePatches({ documents, texts }: Context, document: Document<'kustomization'>): Finding[] {
  const objects = built(document, documents);
  // A component is laid over what it does not name itself.
  if (textOfNode(at(document.body, 'kind')) === 'Component' || objects.length === 0) return [];
  const renames = documents.some(
    each => each.kind === 'kustomization' && (at(each.body, 'namePrefix') ?? at(each.body, 'nameSuffix')),
  );
  const read = (path: string) => {
    const text = texts.get(beside(document.name, path) ?? '');
    return text ? readYaml(text).roots : [];
  };
  return patchesOf(document.body, read).flatMap((patch): Finding[] => {
    const { node, target } = patch;
    const kind = textOfNode(at(target ?? node, 'kind'));
    const name = target ? textOfNode(at(target, 'name')) : textOfNode(at(node, 'metadata', 'name'));
    const selects = at(target, 'labelSelector') ?? at(target, 'annotationSelector') ?? at(node, '$patch');
    if (!kind || !name || selects || /[.*+?|()[\]]/.test(name)) return [];
    // Patches know objects by the names that they had before a prefix or suffix came to them.
    const isMade = (each: KubernetesObject) =>
      isFor(patch, each) || (each.kind === kind && renames && (each.name ?? '').includes(name));
    if (objects.some(isMade)) return [];
    const message = `the patch is for ${kind} ${name}, which the kustomization does not make`;
    return [{ at: placeOf(target ?? node), message }];
  });
}
