/** What befalls runs of `deploy` and `rollback` on hosts; each test file says what has to hold all the same. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Blow } from './deploy-project.ts';

export const DEEP = process.env['AIDEPLOY_DEEP'] !== undefined;

export interface Fault {
  readonly way: 'deploy' | 'rollback';
  /** For people: what happens. */
  readonly what: string;
  readonly when: RegExp;
  readonly after: number;
  readonly strike: Blow['strike'];
  /** Whether the very run that was struck comes to its end. */
  readonly ends: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

export const nameOf = ({ way, what, when, after }: Fault): string =>
  `${way}: ${what} ${after} ms after ${when.source}`;

/** Lines of a table, printed at the end of the file: what was tried, and what became of it. */
export function faultTable() {
  const lines: { readonly name: string; survived: boolean }[] = [];
  afterAll(() => {
    const lost = lines.filter(({ survived }) => !survived).length;
    const rows = lines.map(({ name, survived }) => `${survived ? 'survived' : 'lost    '}  ${name}`);
    console.info(
      [...rows, `faults tried ${lines.length}, survived ${lines.length - lost}, lost ${lost}`].join('\n'),
    );
  });
  return {
    /** Lost until it is said to have survived. */
    begin(name: string): () => void {
      const line = { name, survived: false };
      lines.push(line);
      return () => {
        line.survived = true;
      };
    },
  };
}

/** A time of day for programs, which one file sets; nothing else on this machine follows it. */
export const clockLibrary = (): string =>
  execFileSync(fileURLToPath(new URL('clock', import.meta.url)), { encoding: 'utf8' }).trim();

export const clockEnv = (library: string, file: string): Record<string, string> => ({
  LD_PRELOAD: library,
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_NO_CACHE: '1',
  // Clocks that only count stay as they are when a clock is set.
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  NO_FAKE_STAT: '1',
});

export const setClock = (file: string, seconds: number): void =>
  writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
