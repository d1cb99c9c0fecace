import { type Fact, factOf, factsOf } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import { developmentFlags, developmentVariable, replaced, withoutFlag } from '../../development.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

export const devInProduction: Rule = {
  id: 'cross/dev-in-production',
  severity: 'warning',
  title: 'a setting for development where users are served',
  why: 'Debug modes show source, variables and a console to whoever causes an error; reloaders and development servers take one request at a time and restart at every written file; debug logs hold prompts, answers and headers.',
  fix: 'Take the flag out, set the mode to production and the level to info; keep the rest in compose.override.yaml or another file for development.',
  fixable: 'safe',
  example: { bad: 'command: uvicorn app:app --reload', good: 'command: uvicorn app:app' },
  check: context => oncePerPlace(context.members.filter(isServed).flatMap(each => findingsOf(context, each))),
};

/** Of what is marked otherwise, and of what takes its sources from the folder beside it, nothing is production. */
const isServed = (member: Member): boolean =>
  member.production &&
  (member.environment === undefined || member.environment === 'production') &&
  member.form !== 'route' &&
  member.platform !== 'config' &&
  !factsOf(member, 'volume').some(
    ({ value }) =>
      value.kind === 'bind' &&
      !value.readOnly &&
      /^\.\/?(?:src|app|backend|server)?\/?$/.test(value.source ?? ''),
  );

const EXAMPLE = /\.(?:example|sample|template|dist)$/;

function findingsOf(context: Context, member: Member): Finding[] {
  const last = new Map(factsOf(member, 'env').map(fact => [fact.value.name, fact]));
  const overridden = (name: string) =>
    member.form === 'image' &&
    context.members.some(
      each =>
        each.form !== 'image' &&
        each.service === member.service &&
        factsOf(each, 'env').some(fact => fact.value.name === name),
    );
  const variables = [...last.values()].filter(
    ({ at, value }) => !EXAMPLE.test(at.file) && !overridden(value.name),
  );
  return [...variables.flatMap(fact => ofVariable(context, member, fact)), ...ofCommand(context, member)];
}

function ofVariable(
  { texts }: Context,
  member: Member,
  { value: { name, value }, at }: Fact<'env'>,
): Finding[] {
  const found = value === undefined ? undefined : developmentVariable(name, value);
  if (!found || value === undefined) return [];
  const message = `${member.name || 'the image'} runs with ${name}=${value}: ${found.what}`;
  return [{ at, message, edits: replaced(texts.get(at.file), at, name, value, found.instead) }];
}

function ofCommand({ texts }: Context, member: Member): Finding[] {
  const command = factOf(member, 'command');
  if (!command) return [];
  const { at, value } = command;
  return developmentFlags(value.words.join(' ')).map(({ flag, what }) => ({
    at,
    message: `${member.name || 'the image'} is started with ${flag}: ${what}`,
    edits: flag === '--reload' ? withoutFlag(texts.get(at.file), at, flag) : [],
  }));
}
