import type { Text } from '../text.ts';

export interface Word {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

export interface Instruction {
  /** In capitals: FROM, RUN. */
  readonly keyword: string;
  readonly flags: readonly { readonly name: string; readonly value: string; readonly start: number }[];
  /** Its words, or the strings of its JSON form. */
  readonly words: readonly Word[];
  readonly json: boolean;
  /** What stands after the keyword and its flags, continuation lines included. */
  readonly rest: Word;
  readonly heredocs: readonly Text[];
  readonly start: number;
  readonly end: number;
}

export interface Stage {
  readonly from: Instruction;
  readonly image: Word;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** ARG before the first FROM. */
  readonly globals: readonly Instruction[];
  readonly stages: readonly Stage[];
}

export const finalStage = (file: Dockerfile): Stage | undefined => file.stages.at(-1);

export const instructionsOf = (stage: Stage, keyword: string): readonly Instruction[] =>
  stage.instructions.filter(each => each.keyword === keyword);
