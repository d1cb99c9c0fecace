/** Why nobody could look, and what to do about it. */
export interface Obstacle {
  readonly why: string;
  readonly next: string;
  /** It was in reach until now, or never answered: it may be back in a moment. */
  readonly away?: boolean;
  /** Nobody but a person changes that, so it is not tried again. */
  readonly lasting?: boolean;
}

/** What a platform says, or what kept it from being asked. */
export type Answer<Value> =
  | {
      readonly value: Value;
      readonly obstacle?: undefined;
      /** What was found beside it, and somebody should know. */
      readonly notes?: readonly string[];
    }
  | { readonly value?: undefined; readonly obstacle: Obstacle };
