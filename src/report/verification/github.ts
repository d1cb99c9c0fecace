import type { ProbeResult, Verification } from '../../verify/verification.ts';
import { line } from '../plain.ts';
import { data, property } from '../workflow-command.ts';
import { countsOf, duration, MEANINGS, STATUSES } from './words.ts';

const MARKS = { pass: '✅', fail: '❌', error: '⚠️', inconclusive: '❔', skip: '➖' } as const;

/**
 * Lines that GitHub shows beside a run, for what is not well.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubAnnotations(verification: Verification): string {
  const annotations = verification.probes
    .filter(({ status }) => status !== 'pass' && status !== 'skip')
    .map(
      ({ id, status, message }) =>
        `::${status === 'fail' ? 'error' : 'warning'} title=${property(`${id}: ${status}`)}::${data(message)}`,
    );
  const { target, verdict } = verification;
  return [...annotations, `${verdict}: ${data(target)}: ${countsOf(verification)}`].join('\n');
}

/** Markdown for $GITHUB_STEP_SUMMARY, what is not well first. */
export function githubSummary(verification: Verification): string {
  const { target, verdict, probes } = verification;
  const rows = [...probes].sort((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
  return [
    `## ${MARKS[verdict]} ${cell(target)}: ${verdict}`,
    '',
    `${MEANINGS[verdict]} ${countsOf(verification)}.`,
    '',
    '| | Probe | Result | Time |',
    '|---|---|---|---:|',
    ...rows.map(row),
    '',
  ].join('\n');
}

const row = ({ id, status, message, durationMs }: ProbeResult): string =>
  `| ${MARKS[status]} ${status} | ${cell(id)} | ${cell(message)} | ${duration(durationMs)} |`;

/** Of a table: every character that Markdown or HTML could read is named instead. */
const cell = (text: string): string =>
  shortened(line(text)).replaceAll(/[!-+\-/:-@[-`{-~]/g, character => `&#${character.charCodeAt(0)};`);

/** A summary may have 1 MiB: https://docs.github.com/actions/reference/workflow-commands-for-github-actions#step-isolation-and-limits */
const LONGEST = 2_000;
const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
