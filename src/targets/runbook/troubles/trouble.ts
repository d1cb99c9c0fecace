/** A line of the table of symptoms. */
export interface Trouble {
  readonly symptom: string;
  readonly look: readonly string[];
  readonly remedy: string;
}
