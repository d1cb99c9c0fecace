import type { Action, Declaration } from '../command.ts';
import { EXIT, UsageError } from '../exit.ts';

const action: Action<object> = async (context, [id = '']) => {
  const [{ RULES }, { docsOf }, { nearest }] = await Promise.all([
    import('../../check/rules/all.ts'),
    import('../../check/rule.ts'),
    import('../../config/nearest.ts'),
  ]);
  const rule = RULES.find(each => each.id === id);
  if (!rule) {
    const ids = RULES.map(each => each.id);
    const offer = nearest(id, ids) ?? ids.find(each => each.endsWith(`/${id}`));
    throw new UsageError(
      `no rule ${id}${offer ? `; did you mean ${offer}?` : ''}; aideploy check --list-rules names them all`,
    );
  }
  const { check: _, ...said } = rule;
  if (context.format === 'json') context.json({ rule: { ...said, docs: docsOf(id) } });
  else {
    const { ruleText } = await import('../../report/rule-text.ts');
    context.result(ruleText(rule, docsOf(id), context.columns));
  }
  return EXIT.yes;
};

export const explain: Declaration = {
  name: 'explain',
  summary: 'what a rule of check means, why, and how to fix it',
  action,
  declare(command) {
    command.argument('<rule>', 'its id, such as cross/stop-cuts-drain');
  },
};
