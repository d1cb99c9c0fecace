/**
 * Text of which some pieces are left to the reading program, such as `${AIDEPLOY_TAG:?}` in a compose
 * file. Only a target makes one; a user's `$` is always a literal dollar sign.
 */
export class Interpolated {
  readonly pieces: readonly Piece[];
  constructor(pieces: readonly Piece[]) {
    this.pieces = pieces;
  }
}

export type Piece = { readonly literal: string } | { readonly reference: string };

/** `${NAME}`, `${NAME:-default}`, `${NAME:?message}`: text of the last two must hold no `$`, brace or line end. */
const REFERENCE = /^\$\{[A-Za-z_]\w*(?::?[-?+][^${}\r\n\0]*)?\}$/;

/** A reference which the reading program replaces, written as it stands. */
export function interpolation(reference: string): Interpolated {
  if (!REFERENCE.test(reference))
    throw new TypeError(`not a reference such as \${NAME:?message}: ${reference}`);
  return new Interpolated([{ reference }]);
}

/** One text out of literal pieces and references. */
export function mixed(parts: readonly (string | number | Interpolated)[]): Interpolated {
  return new Interpolated(
    parts.flatMap(part => (part instanceof Interpolated ? part.pieces : [{ literal: String(part) }])),
  );
}

/** `` interpolated`postgres://app:${interpolation('${DB_PASSWORD:?}')}@db:${port}/app` `` */
export function interpolated(
  literals: TemplateStringsArray,
  ...values: readonly (string | number | Interpolated)[]
): Interpolated {
  return mixed(literals.flatMap((literal, index) => [literal, ...values.slice(index, index + 1)]));
}
