import type { ProbeResult, Status, Verification } from '../../verify/verification.ts';
import { line } from '../plain.ts';
import { xml } from '../xml.ts';
import { countOf } from './words.ts';

/** JUnit's format has no word for "cannot tell": that is an error with a type of its own. */
const ELEMENTS: Readonly<Partial<Record<Status, string>>> = {
  fail: 'failure',
  error: 'error',
  inconclusive: 'error',
};

/** https://github.com/testmoapp/junitxml: what GitLab, Jenkins and GitHub's actions read. */
export function junitReport(verification: Verification): string {
  const { target, startedAt, durationMs, probes } = verification;
  const attributes = [
    `name="${xml(target)}"`,
    `tests="${probes.length}"`,
    `failures="${countOf(verification, 'fail')}"`,
    `errors="${countOf(verification, 'error') + countOf(verification, 'inconclusive')}"`,
    `skipped="${countOf(verification, 'skip')}"`,
    `time="${seconds(durationMs)}"`,
    `timestamp="${xml(startedAt)}"`,
  ].join(' ');
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes}>`,
    `  <testsuite ${attributes}>`,
    ...probes.map(testcase),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

function testcase(probe: ProbeResult): string {
  const { id, name, status, message, durationMs } = probe;
  const open = `    <testcase classname="${xml(probe.probe)}" name="${xml(`${id}: ${name}`)}" time="${seconds(durationMs)}"`;
  if (status === 'pass') return `${open}/>`;
  const element = ELEMENTS[status];
  const inner =
    element === undefined
      ? `<skipped message="${xml(message)}"/>`
      : `<${element} type="${status}" message="${xml(message)}">${xml(textOf(probe))}</${element}>`;
  return `${open}>${inner}</testcase>`;
}

const textOf = ({ message, expected, observed, next }: ProbeResult): string =>
  [
    ...(expected === undefined ? [message] : [`expected: ${line(expected)}`]),
    ...(observed === undefined ? [] : [`observed: ${line(observed)}`]),
    ...(next === undefined ? [] : [`next: ${line(next)}`]),
  ].join('\n');

const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(3);
