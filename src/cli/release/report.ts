import kleur from 'kleur';
import type { Ending, Situation } from '../../release/run.ts';
import type { Step } from '../../release/strategy.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';

interface ShownPlan {
  readonly platform: string;
  readonly current: string | undefined;
  readonly target: string;
  readonly steps: readonly Step[];
  readonly notReverted: readonly string[];
}

/** The steps, before any of them is done. `print` goes where results or notes go. */
export function planLines({ platform, current, target, steps, notReverted }: ShownPlan): string {
  const lines = steps.flatMap(({ title, command }, index) => [
    `${String(index + 1).padStart(3)}. ${title}`,
    ...(command === undefined ? [] : command.split('\n').map(line => kleur.dim(`     $ ${line}`))),
  ]);
  const kept = notReverted.map(what => `     - ${what}`);
  return [
    `${platform}: ${current ?? 'nothing'} -> ${target}`,
    ...lines,
    ...(kept.length > 0 ? ['   not reverted:', ...kept] : []),
  ].join('\n');
}

export function showPlan(context: Context, plan: ShownPlan): ExitCode {
  if (context.format !== 'json') context.result(planLines(plan));
  else
    context.json({
      platform: plan.platform,
      current: plan.current ?? null,
      target: plan.target,
      steps: plan.steps.map(({ title, command }) => ({ title, command: command ?? null })),
      notReverted: plan.notReverted,
    });
  return EXIT.yes;
}

const STORIES: Readonly<Record<Ending['outcome'], (release: string) => string>> = {
  verified: release => `${release} runs, and was seen to work`,
  'rolled-back': release => `${release} failed and was taken back; what ran before runs again`,
  failed: release => `${release} failed`,
  unverified: release => `${release}: not seen to work`,
};

export function showEnding(context: Context, ending: Ending): ExitCode {
  const { platform, release, outcome, steps, cause, details } = ending;
  if (context.format === 'json')
    context.json({
      platform,
      release,
      outcome,
      steps: steps.map(({ title, status, durationMs }) => ({ title, status, durationMs })),
      cause: cause ?? null,
      details,
    });
  else {
    const story = STORIES[outcome](release);
    const good = cause === undefined;
    const first = good ? kleur.green(story) : `${kleur.red(cause)}\n${story}`;
    context.result([first, ...details.map(line => `  ${line}`)].join('\n'));
  }
  return codeOf(ending);
}

function codeOf({ outcome, cause, unanswered, interrupted }: Ending): ExitCode {
  if (interrupted) return EXIT.interrupted;
  if (unanswered) return EXIT.unknown;
  return cause === undefined && outcome !== 'failed' ? EXIT.yes : EXIT.no;
}

/** What is wrong with the record, before anything is made of it. */
export function tellNotes(context: Context, { notes }: Pick<Situation, 'notes'>): void {
  for (const note of notes) context.note(note);
}

export function showReleases(context: Context, { releases, standing, notes }: Situation): ExitCode {
  const { current } = standing;
  if (context.format === 'json') {
    context.json({
      releases: releases.map(({ version: _, ...release }) => ({
        ...release,
        current: release.id === current,
      })),
      notes,
    });
    return EXIT.yes;
  }
  tellNotes(context, { notes });
  if (releases.length === 0) {
    context.result('no release yet');
    return EXIT.yes;
  }
  const rows = releases
    .toReversed()
    .map(({ id, at, by, status, commit }) => [
      id === current ? '*' : ' ',
      id,
      status,
      at,
      by,
      commit?.slice(0, 12) ?? '',
    ]);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  context.result(lines.join('\n'));
  return EXIT.yes;
}
