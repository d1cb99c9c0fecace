import type { Document } from '../../../artifacts/document.ts';
import { factsOf } from '../../../artifacts/fact.ts';
import { PART_KEYS } from '../../../artifacts/sample/sample.ts';
import { at, entriesOf, itemsOf, placeOf, textOfNode, type YamlScalar } from '../../../artifacts/yaml.ts';
import type { Context, Member } from '../../context.ts';
import { known } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited } from '../../words.ts';

export const readinessOnProvider: Rule = {
  id: 'cross/readiness-on-provider',
  severity: 'warning',
  title: 'a service that is ready only while a model provider answers',
  why: 'An outage or a rate limit of the provider takes every instance out of rotation at once, also for requests that need no model and for the error message; and each probe of each instance is a call that counts or costs.',
  fix: 'Let readiness ask what the service owns: its database, its configuration. Show the provider in a deep check that nothing routes by, and in metrics.',
  fixable: 'no',
  example: {
    bad: '{"status": "ready", "checks": {"database": "ok", "anthropic": "ok"}}',
    good: '{"status": "ready", "checks": {"database": "ok"}}',
  },
  check: context => [
    ...context.of('sample').flatMap(document => shown(context, document)),
    ...context.members.flatMap(member => [...called(member), ...deep(context, member)]),
  ],
};

const PROVIDERS =
  /^(?:open_?ai|azure_?open_?ai|anthropic|claude|gemini|vertex(?:_?ai)?|mistral|groq|cohere|bedrock|deepseek|openrouter)(?:_?(?:api|llm|provider))?$/i;
/** Not who, but that: it is another's unless a server of models runs here. */
const UNNAMED = /^(?:llm|model|ai)(?:_?(?:api|provider|service|backend))?$/i;
const LOCAL = /^(?:ollama|vllm-openai|text-generation-inference|llama\.cpp|localai)$/;

function shown(context: Context, document: Document<'sample'>): Finding[] {
  const local = context.members.some(each =>
    factsOf(each, 'image').some(({ value }) => LOCAL.test(value.repository.split('/').at(-1) ?? '')),
  );
  const isProvider = (name: string) => PROVIDERS.test(name) || (!local && UNNAMED.test(name));
  if (!isReadiness(document)) return [];
  return document.body
    .filter(({ what }) => what === 'health')
    .flatMap(({ root }) => namesIn(root))
    .filter(({ source }) => isProvider(source))
    .map(key => ({ at: placeOf(key), message: `readiness depends on ${key.source}, which others run` }));
}

/** By the name of its file, or by what a guide says before it. */
function isReadiness({ name, text }: Document<'sample'>): boolean {
  if (/ready|readiness/i.test(name.split('/').at(-1) ?? '')) return true;
  const outer = text.within?.content;
  if (outer === undefined) return false;
  const before = outer
    .split('\n')
    .slice(0, text.place(0).line - 1)
    .slice(-6)
    .join('\n');
  return /\/ready|\breadiness\b/i.test(before) && !/\/(?:deep|health\/?(?:\s|`|$))/i.test(before);
}

/** Both forms: parts by name, and a list of parts that say theirs. */
const namesIn = (root: Parameters<typeof entriesOf>[0]): readonly YamlScalar[] =>
  entriesOf(root)
    .filter(({ key }) => PART_KEYS.has(key.source.toLowerCase()))
    .flatMap(({ value }) => [
      ...entriesOf(value).map(({ key }) => key),
      ...itemsOf(value).flatMap(item => {
        const name = at(item, 'name') ?? at(item, 'component');
        return name?.kind === 'scalar' && textOfNode(name) !== undefined ? [name] : [];
      }),
    ]);

const HOST =
  /\b(api\.openai\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com|api\.mistral\.ai|api\.groq\.com|api\.cohere\.(?:ai|com)|api\.deepseek\.com|openrouter\.ai)\b/;

const called = (member: Member): Finding[] =>
  factsOf(member, 'health').flatMap((fact): Finding[] => {
    const host = HOST.exec(fact.value.command?.join(' ') ?? '')?.[1];
    return host ? [{ at: fact.at, message: `the health of ${member.name} asks ${host}` }] : [];
  });

/** The check that asks every dependency, by aideploy.yaml. */
function deep(context: Context, member: Member): Finding[] {
  const path = known(context, member, 'health.deep');
  if (!path || member.platform === 'config') return [];
  return factsOf(member, 'health')
    .filter(({ value }) => value.role === 'ready' && value.path === path.value)
    .map(fact => ({
      at: fact.at,
      message: `readiness of ${member.name} asks ${path.value}, the deep check`,
      related: [cited(path)],
    }));
}
