/** A sum that cannot come out, or two statements that cannot both hold. */
export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly value?: string;
}
