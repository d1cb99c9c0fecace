import type { Command } from '../exec/command.ts';
import type { Outcome } from '../exec/run.ts';

/** An outside program that something we render is used with. */
export interface Tool {
  readonly id: string;
  /** What it is for when no configuration says more. */
  readonly purpose: string;
  /** Asks for its version; must have no effect. Further ones are other names of the same program. */
  readonly commands: readonly Command[];
  /** A program that is looked for and never run, since nobody knows what running it does. */
  readonly lookFor?: string;
  /** What of the answer is the version; the first number with a dot in it when omitted. */
  readonly version?: RegExp;
  /** The oldest version that can use what we render. */
  readonly minimum?: string;
  /** An answer of the program around it that means: this part is not installed. */
  readonly absent?: RegExp;
  /** What is wrong though the program answered, or undefined. */
  readonly fault?: (outcome: Outcome) => Fault | undefined;
  /** Milliseconds, where starting it takes long. */
  readonly timeout?: number;
  /** How one gets it. */
  readonly hint: string;
}

export interface Fault {
  readonly detail: string;
  readonly hint: string;
}

export type Status = 'ok' | 'missing' | 'old' | 'broken';

/** What was found of one tool. */
export interface Finding {
  readonly id: string;
  readonly status: Status;
  readonly version: string | null;
  readonly minimum: string | null;
  /** What is wrong, when something is. */
  readonly detail: string | null;
  readonly hint: string;
}

/** Something that tools are needed for. */
export interface Need {
  /** Each is a set of tools that do together; any one of the sets is enough. */
  readonly anyOf: readonly (readonly string[])[];
  readonly purpose: string;
  /** Whether what is rendered cannot be used on this machine without. */
  readonly required: boolean;
}

/** A finding with what it means for this project. */
export interface ToolReport extends Finding {
  readonly neededFor: readonly string[];
  readonly required: boolean;
}

/** One look at the project itself. */
export interface ProjectCheck {
  readonly id: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly message: string;
  readonly hint?: string;
  /** Names, never values. */
  readonly names?: readonly string[];
}
