export interface Variable {
  readonly name: string;
  /** What it is, who reads it, how one is made. */
  readonly notes: readonly string[];
  /** Written as a comment: set but empty is not the same as not set. */
  readonly optional: boolean;
}

export interface Group {
  readonly title: string;
  readonly notes: readonly string[];
  readonly variables: readonly Variable[];
}
