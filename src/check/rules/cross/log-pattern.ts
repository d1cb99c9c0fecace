import { logPatterns, missOf } from '../../logs/patterns.ts';
import type { Rule } from '../../rule.ts';

export const logPattern: Rule = {
  id: 'cross/log-pattern',
  severity: 'error',
  title: 'a search that can find nothing in the log',
  why: 'The search answers nothing, and nothing reads like "no errors": the key, its case or the space after the colon is another in what the program prints.',
  fix: 'Ask jq for the key, such as jq -c \'select(.level == "error")\', or spell the pattern as the sample does.',
  fixable: 'no',
  example: {
    bad: 'grep \'"level": "ERROR"\' chat.log   # {"level":"info","msg":"..."}',
    good: 'jq -c \'select(.level == "error")\' chat.log',
  },
  check: context => {
    const samples = context.of('sample').flatMap(({ body, text }) => body.map(sample => ({ sample, text })));
    const entries = samples.filter(({ sample }) => sample.what === 'log');
    const [first] = entries;
    if (!first) return [];
    return logPatterns(context).flatMap(pattern => {
      const miss = missOf(
        pattern,
        entries.map(({ sample }) => sample),
      );
      if (miss === undefined) return [];
      const { root } = first.sample;
      return [
        {
          at: pattern.at,
          message: `${pattern.raw} matches no entry: ${miss}`,
          related: [{ ...root.text.place(root.start), message: 'the sample of the log' }],
        },
      ];
    });
  },
};
