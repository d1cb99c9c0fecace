/** What stands around a mustache on its line, in the template's source. */
export interface Surroundings {
  /** The line's text before it, block tags left out and other mustaches as U+FFFC. */
  readonly before: string;
  readonly after: string;
  /** The lines above, nearest last; for formats whose lines continue. */
  readonly above: readonly string[];
}

/** Where in a format a value goes, such as `key`, `comment` or a Dockerfile's `ENV`. */
export type Place = string;

export interface HelperOptions {
  readonly place: Place;
  readonly hash: Readonly<Record<string, unknown>>;
}

/** One escaping helper: how a value is said in one kind of file. */
export interface Format {
  readonly id: string;
  /** Decided when the template is compiled; throws an Error with the reason where no value can be written. */
  readonly place?: (around: Surroundings) => Place;
  /** A value as the text that the reading program takes for it, or an Unrepresentable. */
  readonly write: (value: unknown, place: Place) => string;
  /** Helpers whose result is text of the format already. */
  readonly helpers?: Readonly<Record<string, (value: unknown, options: HelperOptions) => string>>;
  /** Helpers that write the blank before them themselves, or a new line instead. */
  readonly ownBlank?: readonly string[];
}
