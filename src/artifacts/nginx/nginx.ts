import type { Text } from '../text.ts';

export interface Argument {
  /** Without its quotes and the backslashes before characters that nginx takes for itself. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface Directive {
  readonly name: string;
  readonly args: readonly Argument[];
  /** What stands between its braces; undefined where it ends in a semicolon. */
  readonly block: readonly Directive[] | undefined;
  /** An included directive stands in another file than its neighbours. */
  readonly text: Text;
  readonly start: number;
  readonly end: number;
}

export const named = (block: readonly Directive[] | undefined, name: string): readonly Directive[] =>
  (block ?? []).filter(directive => directive.name === name);

export const argument = (directive: Directive | undefined, index = 0): string | undefined =>
  directive?.args[index]?.value;

export const placeOf = (directive: Directive) => directive.text.place(directive.start);

/** A block and those around it, the innermost first: location, server, http. */
export type Chain = readonly Directive[];

/** A directive as it holds in a block: its own, or that of the nearest block around it. */
export const effective = (chain: Chain, name: string): Directive | undefined =>
  chain.map(directive => named(directive.block, name).at(-1)).find(found => found !== undefined);

/** Directives that may stand several times: a block that has one of them inherits none. */
export const effectiveAll = (chain: Chain, name: string): readonly Directive[] =>
  chain.map(directive => named(directive.block, name)).find(found => found.length > 0) ?? [];
