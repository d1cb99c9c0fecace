import type { Edit } from '../../artifacts/text.ts';
import type { Reference } from '../../artifacts/workflow/expression.ts';
import { parseExpression } from '../../artifacts/workflow/expression.ts';
import type { Placed } from '../../artifacts/workflow/expressions.ts';
import { at, entriesOf, entryOf, placeOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';

/**
 * What anybody may write who can open an issue or a pull request.
 * https://docs.github.com/en/actions/concepts/security/script-injections
 */
const FOREIGN =
  /^github\.(?:head_ref|event\.(?:(?:issue|discussion)\.(?:title|body)|(?:comment|review|review_comment)\.body|pull_request\.(?:title|body|head\.(?:ref|label|repo\.default_branch))|pages\.\*\.page_name|(?:commits\.\*|head_commit)\.(?:message|(?:author|committer)\.(?:email|name))|workflow_run\.(?:head_branch|display_title|head_commit\.message|head_commit\.author\.(?:email|name)|pull_requests\.\*\.head\.ref)))$/;

const isEventText = ({ path }: Reference): boolean => FOREIGN.test(path.map(step => step ?? '?').join('.'));

/** Such a text, also by the name of a variable that holds it; the nearest of the blocks around decides. */
export function isForeign(reference: Reference, around: readonly (YamlNode | undefined)[]): boolean {
  if (isEventText(reference)) return true;
  const [context, name] = reference.path;
  if (context !== 'env' || !name) return false;
  for (const block of around) {
    const entry = entriesOf(at(block, 'env')).find(({ key }) => key.source.toLowerCase() === name);
    const text = textOfNode(entry?.value);
    if (text === undefined) continue;
    const [, inner] = /\$\{\{(.*?)\}\}/s.exec(text) ?? [];
    return parseExpression(inner ?? '').references.some(each => !each.asked && isEventText(each));
  }
  return false;
}

/** The edits that let the shell read a variable in the place of an expression. */
export function asVariable(
  placed: Placed,
  reference: Reference,
  [step, job, workflow]: readonly [YamlNode, YamlNode, YamlNode],
): readonly Edit[] {
  if (placed.path[4] !== 'run' || !isPosix(step, job, workflow)) return [];
  const { text, start, end, references } = placed;
  const quoting = quotedAt(text.content.slice(0, start - 3).replace(/^\s*#.*$/gm, ''));
  const flow = step.text.content[step.start] === '{';
  const run = entryOf(step, 'run');
  if (quoting === "'" || flow || !run || references.length !== 1) return [];
  if (text.content.slice(start, end).trim() !== reference.raw) return [];
  const given = reference.path[0] === 'env';
  const steps = reference.path.slice(reference.path[1] === 'event' ? 2 : 1).filter(each => each !== '*');
  const name = given ? reference.raw.slice('env.'.length) : steps.join('_').toUpperCase();
  const use = quoting === '"' ? `\${${name}}` : `"\${${name}}"`;
  return [
    ...(given ? [] : declared(step, name, `\${{ ${reference.raw} }}`)),
    text.edit(start - 3, end + 2, use),
  ];
}

/** A shell that knows `$NAME`. */
function isPosix(step: YamlNode, job: YamlNode, workflow: YamlNode): boolean {
  const shell = [
    at(step, 'shell'),
    at(job, 'defaults', 'run', 'shell'),
    at(workflow, 'defaults', 'run', 'shell'),
  ]
    .map(textOfNode)
    .find(each => each !== undefined);
  if (shell !== undefined) return /^(?:ba)?sh\b/.test(shell);
  return !/windows|\$\{\{/i.test(textOfNode(at(job, 'runs-on')) ?? '');
}

function declared(step: YamlNode, name: string, value: string): readonly Edit[] {
  const env = entryOf(step, 'env');
  const [first] = entriesOf(env?.value);
  if (entriesOf(env?.value).some(({ key }) => key.source === name)) return [];
  const key = first?.key ?? entryOf(step, 'run')?.key;
  if (!key || (env && env.value.text.content[env.value.start] === '{')) return [];
  const indent = ' '.repeat(placeOf(key).column - 1);
  const line = first ? `${name}: ${value}\n${indent}` : `env:\n${indent}  ${name}: ${value}\n${indent}`;
  return [step.text.edit(key.start, key.start, line)];
}

/** The quotes that are open behind a piece of a script. */
function quotedAt(before: string): string | undefined {
  let open: string | undefined;
  for (let i = 0; i < before.length; i++) {
    const char = before[i];
    if (char === '\\' && open !== "'") i++;
    else if (open === undefined && (char === '"' || char === "'")) open = char;
    else if (char === open) open = undefined;
  }
  return open;
}
