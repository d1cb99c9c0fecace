/** What a value may be: the compact form of a schema that tools/update-schemas.mjs writes. Numbers lead to other shapes. */
export interface Shape {
  /** Which types, as a sum of `TYPES`; any where absent. */
  readonly is?: number;
  readonly fields?: Readonly<Record<string, number>>;
  /** The minor version of Kubernetes that a field came with, and the last that has it. */
  readonly since?: Readonly<Record<string, number>>;
  readonly until?: Readonly<Record<string, number>>;
  /** Further keys by expression. */
  readonly patterns?: readonly (readonly [name: string, shape: number])[];
  /** What every further key holds. */
  readonly rest?: number;
  /** No key but those named. */
  readonly closed?: true;
  readonly required?: readonly string[];
  /** Keys of which exactly one list has to be there whole, or at least one. */
  readonly one?: readonly (readonly string[])[];
  readonly some?: readonly (readonly string[])[];
  readonly items?: number;
  /** Alternatives. */
  readonly any?: readonly number[];
  readonly enum?: readonly (boolean | number | string)[];
  readonly min?: number;
  readonly max?: number;
  /** How many characters or items. */
  readonly least?: number;
  readonly most?: number;
  readonly pattern?: string;
  readonly format?: 'base64' | 'duration' | 'quantity';
}

export const TYPES = { string: 1, integer: 2, number: 4, boolean: 8, map: 16, list: 32 } as const;

/** The schemas of one family of kinds. */
export interface Family {
  readonly origin: string;
  /** `apps/v1 Deployment` → its shape, and the minor versions of Kubernetes that know it where not all do. */
  readonly kinds: Readonly<Record<string, readonly [shape: number, first?: number, last?: number]>>;
  readonly shapes: readonly Shape[];
}
