import { type FindingsReport, summaryOf } from './findings.ts';
import { data, property } from './workflow-command.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions: shown at the lines of a pull request. */
export function findingsGithub(report: FindingsReport): string {
  const annotations = report.findings.map(({ rule, severity, message, at, related, fix }) => {
    const place = `file=${property(at.file)},line=${at.line},col=${at.column},title=${property(rule)}`;
    const text = [message, ...related.map(each => `${each.file}:${each.line}: ${each.message}`), fix].join(
      '\n',
    );
    return `::${COMMANDS[severity]} ${place}::${data(text)}`;
  });
  const { files, error, warning, info } = summaryOf(report);
  return [
    ...annotations,
    `${files} files checked: errors ${error}, warnings ${warning}, information ${info}`,
  ].join('\n');
}
