import { docsOf, type Rule } from '../../check/rule.ts';
import type { FindingsReport } from '../../report/findings.ts';
import type { Context } from '../context.ts';

/** Findings in the format that was asked for; each is loaded on use. */
export async function reportFindings(
  context: Context,
  report: FindingsReport,
  rules: readonly Rule[],
): Promise<void> {
  switch (context.format) {
    case 'json': {
      const { findingsJson } = await import('../../report/findings-json.ts');
      return context.json(findingsJson(report));
    }
    case 'sarif': {
      const { findingsSarif } = await import('../../report/findings-sarif.ts');
      return context.result(JSON.stringify(findingsSarif(report, rules, docsOf), null, 2));
    }
    case 'junit': {
      const { findingsJunit } = await import('../../report/findings-junit.ts');
      return context.result(findingsJunit(report));
    }
    case 'github': {
      const { findingsGithub } = await import('../../report/findings-github.ts');
      return context.result(findingsGithub(report));
    }
    default: {
      const { findingsText } = await import('../../report/findings-text.ts');
      return context.result(findingsText(report, context.columns));
    }
  }
}
