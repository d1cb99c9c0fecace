import type { Text } from '../../config/schema/text.ts';
import type { BuiltService, Model } from '../../model/model.ts';
import { resolve } from '../../model/references.ts';
import { type Interpolated, interpolation, mixed } from '../../render/engine.ts';
import { DATABASE_URL, onOneMachine } from '../one-machine.ts';

const AIDEPLOY_TAG = interpolation('${AIDEPLOY_TAG}');

/** A text of the configuration: known pieces and the release's version; undefined where it holds a password. */
export function textOf(text: Text, model: Model, service: BuiltService): Known | undefined {
  const pieces = resolve(text, model, service, onOneMachine(model));
  if (pieces.includes(DATABASE_URL)) return undefined;
  return pieces.map(piece => (typeof piece === 'string' ? piece : undefined));
}

/** Pieces in order; undefined stands for the version, which is letters, digits, `_`, `.` and `-`. */
export type Known = readonly (string | undefined)[];

/** As a template takes it: a text, or one with the script's variable in it. */
export const written = (known: Known): string | Interpolated =>
  known.includes(undefined)
    ? mixed(known.map(piece => (piece === undefined ? AIDEPLOY_TAG : piece)))
    : known.join('');

/** The same change in every known piece. */
export const changed = (known: Known, change: (text: string) => string): Known =>
  known.map(piece => (piece === undefined ? piece : change(piece)));

export const isOneLine = (known: Known): boolean => !known.some(piece => /[\r\n]/.test(piece ?? ''));
