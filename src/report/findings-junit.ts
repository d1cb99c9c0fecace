import type { Diagnostic } from '../check/run.ts';
import { type FindingsReport, summaryOf } from './findings.ts';
import { xml } from './xml.ts';

/** https://github.com/testmoapp/junitxml: a suite for each file, a failed case for each finding. */
export function findingsJunit(report: FindingsReport): string {
  const { findings, skipped } = report;
  const { files } = summaryOf(report);
  const counts = `tests="${findings.length + skipped.length + 1}" failures="${findings.length}" skipped="${skipped.length}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="aideploy check" ${counts}>`,
    `  <testsuite name="aideploy check" ${counts}>`,
    `    <testcase classname="aideploy" name="${files} files checked"/>`,
    ...findings.map(testcase),
    ...skipped.map(
      ({ file, reason }) =>
        `    <testcase classname="file/skipped" name="${xml(file)}"><skipped message="${xml(reason)}"/></testcase>`,
    ),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function testcase({ rule, severity, message, at, related, fix, docs }: Diagnostic): string {
  const where = `${at.file}:${at.line}:${at.column}`;
  const text = [where, ...related.map(each => `${each.file}:${each.line}: ${each.message}`), fix, docs].join(
    '\n',
  );
  const failure = `<failure type="${severity}" message="${xml(message)}">${xml(text)}</failure>`;
  return `    <testcase classname="${xml(rule)}" name="${xml(where)}" file="${xml(at.file)}" line="${at.line}">${failure}</testcase>`;
}
