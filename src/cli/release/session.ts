import kleur from 'kleur';
import type { ProjectModel } from '../../model/model.ts';
import { TIMES } from '../../release/lock.ts';
import type { StepReport, Told } from '../../release/perform.ts';
import { Refusal } from '../../release/plan-deploy.ts';
import type { StoredFile } from '../../release/release.ts';
import { type Run, Unanswered } from '../../release/run.ts';
import type { Strategy } from '../../release/strategy.ts';
import type { Context } from '../context.ts';
import { NoAnswerError, UsageError } from '../exit.ts';
import { interruption } from '../interrupt.ts';
import { mirrorRecord } from './mirror.ts';
import { CONFIGURATION, type VerifyWishes } from './options.ts';
import { by } from './project.ts';

/** How long a platform may be out of reach before a step is given up. */
const PATIENCE = 60_000;

export function runOf(
  context: Context,
  model: ProjectModel,
  strategy: Strategy,
  files: readonly StoredFile[],
  wishes: VerifyWishes,
): Run {
  const { platform } = strategy;
  const rendered = files.filter(({ path }) => path !== CONFIGURATION);
  return {
    strategy,
    by: by(),
    signal: interruption(),
    times: TIMES,
    patience: PATIENCE,
    told: tell(context),
    hooks: {
      // Loaded on use: whoever asks for the record has no use for rules and probes.
      check: async () => {
        if (rendered.length === 0) return [];
        const { checkFiles } = await import('./check.ts');
        return checkFiles(context, model, rendered);
      },
      verify: async (goal, signal) => {
        const { verifyRelease } = await import('./verify.ts');
        return verifyRelease(context, model, platform, wishes, goal, signal);
      },
      mirror: releases => mirrorRecord(context, platform, releases),
    },
  };
}

/** One line a step, on stderr; results come at the end. */
function tell(context: Context): Told {
  const live = context.live && context.format === 'text' && !context.quiet;
  return {
    started: title => {
      // One past the width would wrap, and the next line would leave it behind.
      if (live)
        process.stderr.write(`${kleur.dim('..')} ${title}`.slice(0, (process.stderr.columns ?? 80) - 1));
    },
    said: line => context.note(`${live ? '\r\u001b[K' : ''}   ${line}`),
    ended: ({ title, status, durationMs, note }: StepReport) => {
      const mark = status === 'done' ? kleur.green('ok') : kleur.red('no');
      const took = kleur.dim(`${(durationMs / 1000).toFixed(1)} s`);
      context.note(`${live ? '\r\u001b[K' : ''}${mark} ${title} ${took}${note ? `  ${note}` : ''}`);
    },
  };
}

/** What the engine refuses, and what it could not find out, as the command line says it. */
export async function asked<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) throw new UsageError(error.message);
    if (error instanceof Unanswered) throw new NoAnswerError(error.message);
    throw error;
  }
}
