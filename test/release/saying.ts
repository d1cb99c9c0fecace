import { shellLine } from '../../src/exec/command.ts';
import type { Machine } from '../../src/platforms/machine.ts';

/** A machine that answers as it is told, by the first pattern that a command line matches; it fails at any other. */
export const saying = (answers: readonly (readonly [pattern: RegExp, stdout: string])[]): Machine => ({
  host: undefined,
  name: 'a machine',
  run: async command => {
    const answer = answers.find(([pattern]) => pattern.test(shellLine(command)));
    return {
      status: answer ? 'ok' : 'failed',
      exitCode: answer ? 0 : 1,
      stdout: answer?.[1] ?? '',
      stderr: answer ? '' : `nobody said what ${command.program} answers`,
      truncated: false,
      durationMs: 0,
      message: '',
    };
  },
});
