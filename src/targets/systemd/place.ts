import type { Text } from '../../config/schema/text.ts';
import { asInstance, type HostService, type Instance } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { resolve } from '../../model/references.ts';
import { onOneMachine, type Piece } from '../one-machine.ts';

export const piecesOf = (text: Text, model: Model, { service }: HostService, instance: Instance): Piece[] =>
  resolve(text, model, asInstance(service, instance), onOneMachine(model));

export const isKnown = (pieces: readonly Piece[]): pieces is string[] =>
  pieces.every(piece => typeof piece === 'string');
