import { KINDS } from './all.ts';
import type { AnyDocument, AnyKind, Embedded, KindId } from './document.ts';
import type { Component } from './fact.ts';

/** A kind whose functions take any document: which one it may be given is known by its id alone. */
interface Uniform {
  components?(document: AnyDocument, set: readonly AnyDocument[]): readonly Component[];
  embedded?(document: AnyDocument): readonly Embedded[];
}

const BY_ID: ReadonlyMap<KindId, AnyKind> = new Map(KINDS.map(kind => [kind.id, kind]));

export function kindOf(id: KindId): AnyKind {
  const kind = BY_ID.get(id);
  if (!kind) throw new Error(`no kind ${id}`);
  return kind;
}

export const componentsOf = (document: AnyDocument, set: readonly AnyDocument[]): readonly Component[] =>
  (kindOf(document.kind) as Uniform).components?.(document, set) ?? [];

export const embeddedIn = (document: AnyDocument): readonly Embedded[] =>
  (kindOf(document.kind) as Uniform).embedded?.(document) ?? [];
