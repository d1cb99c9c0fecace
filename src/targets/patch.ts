import { type Document, isMap, parseAllDocuments } from 'yaml';
import type { Artifact } from '../artifacts/artifact.ts';
import type { Patch } from '../config/schema/config.ts';

/** A patch that cannot do what it says. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}

/** Patches of files that this render does not write are left for the render that does. */
export function applyPatches(artifacts: readonly Artifact[], patches: readonly Patch[]): Artifact[] {
  return artifacts.map(artifact => {
    const own = patches.filter(patch => patch.file === artifact.path);
    return own.length === 0 ? artifact : { ...artifact, content: patched(artifact, own) };
  });
}

function patched(artifact: Artifact, patches: readonly Patch[]): string {
  const isJson = artifact.path.endsWith('.json');
  if (!isJson && !/\.ya?ml$/.test(artifact.path))
    throw new PatchError(`patches: ${artifact.path} is neither YAML nor JSON`);
  const documents = parseAllDocuments(artifact.content) as Document[];
  patchDocuments(documents, patches);
  if (isJson) return `${JSON.stringify(documents[0]?.toJS(), null, 2)}\n`;
  return documents.map(document => document.toString({ lineWidth: 0, flowCollectionPadding: true })).join('');
}

/** The documents of one file, which all the patches are for. */
export function patchDocuments(documents: readonly Document[], patches: readonly Patch[]): void {
  for (const patch of patches) for (const document of chosen(documents, patch)) edit(document, patch);
}

/** Without `kind` the file's only object is meant. */
function chosen(documents: readonly Document[], patch: Patch): Document[] {
  const matching = documents.filter(
    document =>
      (patch.kind === undefined || document.get('kind') === patch.kind) &&
      (patch.name === undefined || document.getIn(['metadata', 'name']) === patch.name),
  );
  const what = [patch.kind, patch.name].filter(Boolean).join(' ') || 'object';
  if (matching.length === 0) throw new PatchError(`patches: ${patch.file} has no ${what}`);
  if (patch.kind === undefined && matching.length > 1)
    throw new PatchError(
      `patches: ${patch.file} has ${matching.length} objects; say which by \`kind\` or \`name\``,
    );
  return matching;
}

function edit(document: Document, patch: Patch): void {
  for (const [pointer, value] of Object.entries(patch.set)) {
    const path = steps(document, pointer);
    try {
      document.setIn(path, document.createNode(value));
    } catch {
      throw new PatchError(
        `patches: ${patch.file}: ${pointer} leads through something that is no mapping or list`,
      );
    }
  }
  for (const pointer of patch.remove) {
    const path = steps(document, pointer);
    if (!document.hasIn(path))
      throw new PatchError(`patches: ${patch.file}: ${pointer} is not there to be removed`);
    document.deleteIn(path);
  }
}

/** JSON pointer (RFC 6901); digits are an index unless they stand below a mapping, `-` is a list's end. */
function steps(document: Document, pointer: string): (string | number)[] {
  const path: (string | number)[] = [];
  for (const escaped of pointer.slice(1).split('/')) {
    const step = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    const parent = path.length === 0 ? document.contents : document.getIn(path, true);
    const items = (parent as { items?: unknown[] } | undefined)?.items;
    if (step === '-' && items && !isMap(parent)) path.push(items.length);
    else path.push(/^\d+$/.test(step) && !isMap(parent) ? Number(step) : step);
  }
  return path;
}
