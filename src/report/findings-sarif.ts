import type { Place } from '../artifacts/text.ts';
import type { Rule } from '../check/rule.ts';
import type { Diagnostic } from '../check/run.ts';
import type { FindingsReport } from './findings.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const;

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function findingsSarif(
  report: FindingsReport,
  rules: readonly Rule[],
  docsOf: (id: string) => string,
): object {
  const index = new Map(rules.map((rule, i) => [rule.id, i]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'aideploy',
            semanticVersion: report.version,
            rules: rules.map(rule => describe(rule, docsOf(rule.id))),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: report.skipped.map(({ file, reason }) => ({
              level: 'note',
              message: { text: `${file}: not checked: ${reason}` },
            })),
          },
        ],
        results: report.findings.map(finding => result(finding, index.get(finding.rule) ?? -1)),
      },
    ],
  };
}

const describe = (rule: Rule, helpUri: string) => ({
  id: rule.id,
  name: rule.id
    .split(/[/-]/)
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join(''),
  shortDescription: { text: rule.title },
  fullDescription: { text: rule.why },
  help: { text: rule.fix },
  helpUri,
  defaultConfiguration: {
    level: LEVELS[typeof rule.severity === 'string' ? rule.severity : rule.severity[0]],
  },
});

function result({ rule, severity, message, at, related, fix }: Diagnostic, ruleIndex: number): object {
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: `${message}. ${fix}` },
    locations: [{ physicalLocation: physical(at) }],
    ...(related.length > 0
      ? {
          relatedLocations: related.map((each, id) => ({
            id,
            physicalLocation: physical(each),
            message: { text: each.message },
          })),
        }
      : {}),
    // Lines move; what was found does not.
    partialFingerprints: { 'aideploy/v1': `${rule}|${at.file}|${message}` },
  };
}

const physical = ({ file, line, column }: Place) => ({
  artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
  region: { startLine: line, startColumn: column },
});
