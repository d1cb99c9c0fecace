import { appendFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { githubAnnotations, githubSummary } from '../../report/verification/github.ts';
import { jsonReport } from '../../report/verification/json.ts';
import { junitReport } from '../../report/verification/junit.ts';
import { prometheusReport } from '../../report/verification/prometheus.ts';
import { textReport } from '../../report/verification/text.ts';
import type { Verification } from '../../verify/verification.ts';
import { type Context, emit, folder } from '../context.ts';

/** Writes a verification down in every way that was asked for. */
export async function report(
  context: Context,
  verification: Verification,
  page: string | undefined,
): Promise<void> {
  if (page !== undefined) await writePage(context, verification, page);
  switch (context.format) {
    case 'json':
      return context.json(jsonReport(verification));
    case 'junit':
      return context.result(junitReport(verification));
    case 'prometheus':
      return context.result(prometheusReport(verification));
    case 'github':
      addToSummary(verification);
      return context.result(githubAnnotations(verification));
    default:
      return context.result(textReport(verification));
  }
}

async function writePage(context: Context, verification: Verification, page: string): Promise<void> {
  const { htmlReport } = await import('../../report/verification/html.ts');
  emit(htmlReport(verification), { cwd: context.root, output: page });
  context.note(`the report is in ${page}`);
}

/** GitHub names the file that the page of a run shows; other steps write to it too. */
function addToSummary(verification: Verification): void {
  const file = process.env['GITHUB_STEP_SUMMARY'];
  if (file) appendFileSync(file, githubSummary(verification));
}

/** Before anything is asked: a report that cannot be written is no use afterwards. */
export function checkPage(context: Context, page: string | undefined): void {
  if (page !== undefined) folder(dirname(resolve(context.root, page)), `--report ${page}`);
}
