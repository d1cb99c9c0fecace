import { type FindingsReport, summaryOf } from './findings.ts';

/** The document of `check --format json`, without its version. */
export function findingsJson(report: FindingsReport): object {
  return {
    summary: summaryOf(report),
    findings: report.findings.map(({ rule, severity, message, at, related, fix, fixable, docs }) => ({
      rule,
      severity,
      message,
      ...at,
      related,
      fix,
      fixable,
      docs,
    })),
    skipped: report.skipped,
  };
}
