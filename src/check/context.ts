import type { AnyDocument, Document, KindId } from '../artifacts/document.ts';
import type { Component } from '../artifacts/fact.ts';
import type { Complaint } from '../artifacts/recognise.ts';
import type { Text } from '../artifacts/text.ts';
import type { Model } from '../model/model.ts';
import type { Suppression } from './suppress.ts';

/** A component as part of the whole: its platform's defaults filled in, and the service it belongs to named. */
export interface Member extends Component {
  readonly document: AnyDocument;
  /** The same for everything that is one service, whatever its platform; undefined where nothing joins it. */
  readonly service: string | undefined;
  /** Not marked as for development, tests or one machine. */
  readonly production: boolean;
}

/** What rules see: every artifact, what runs by it, and what belongs together. Nothing in it changes. */
export interface Context {
  readonly documents: readonly AnyDocument[];
  of<K extends KindId>(kind: K): readonly Document<K>[];
  readonly members: readonly Member[];
  /** The members of each service, by its name. */
  readonly services: ReadonlyMap<string, readonly Member[]>;
  /** Everything that belongs to the set was looked at, so that something may be said to be missing. */
  readonly closed: boolean;
  readonly complaints: readonly Complaint[];
  readonly texts: ReadonlyMap<string, Text>;
  /** Permission bits of the files. */
  readonly modes: ReadonlyMap<string, number>;
  /** What aideploy.yaml resolves to, where the set has one. */
  readonly model: Model | undefined;
  /** Comments that accept findings, and the ids that they may name. */
  readonly suppressions: readonly Suppression[];
  readonly ruleIds: readonly string[];
  /** As 2027-01-31. */
  readonly today: string;
}
