/** One change of what is rendered, by which something that was right is wrong, and the rule that has to say so. */
export interface Mutation {
  readonly rule: string;
  /** The golden configuration whose files are changed; `full` where it is not said. */
  readonly of?: string;
  /** The file, as it is rendered. */
  readonly file: string;
  /** What stands there once: it is found exactly, and the first place is meant. */
  readonly from: string | RegExp;
  readonly to: string;
  /** Where the finding is placed, if not at the changed line: a file and the first line that has this. */
  readonly at?: { readonly file?: string; readonly line: string | RegExp };
  /** Rules that the same change breaks too, and rightly so. */
  readonly also?: readonly string[];
}
