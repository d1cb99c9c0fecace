import { type AnyFact, type Component, type FactKind, factsOf } from '../artifacts/fact.ts';
import { variableDuration } from '../artifacts/quantities.ts';

/** Variables whose names say what their values mean; any other meaning needs aideploy.yaml. */
const MEANINGS: readonly { readonly name: RegExp; readonly kind: FactKind & `${string}.${string}` }[] = [
  {
    name: /^(?:\w+_)?(?:SHUTDOWN|DRAIN|GRACE(?:FUL)?)(?:_\w+)?_(?:TIMEOUT|PERIOD|SECONDS)$|^(?:DRAIN|SHUTDOWN)_TIMEOUT/,
    kind: 'stop.drain',
  },
  {
    name: /^(?:LLM|OPENAI|ANTHROPIC|GEMINI|MISTRAL|OLLAMA|MODEL)_(?:\w+_)?TIMEOUT(?:_SECONDS|_MS)?$/,
    kind: 'timeout.llm',
  },
  { name: /^(?:HTTP_|SERVER_|API_)?REQUEST_TIMEOUT(?:_SECONDS|_MS)?$/, kind: 'timeout.request' },
];

/** Facts that variables state: `DRAIN_TIMEOUT=25s` is a drain of 25 s. */
export function meaningsOf(component: Component): readonly AnyFact[] {
  return factsOf(component, 'env').flatMap(({ value: { name, value }, at }) => {
    const meaning = MEANINGS.find(each => each.name.test(name));
    if (!meaning || value === undefined) return [];
    const amount = /_MS$/.test(name) && /^\d+$/.test(value) ? Number(value) : variableDuration(value);
    if (amount === undefined) return [];
    return [
      { kind: meaning.kind, value: amount, at, origin: 'derived', note: `${name}=${value}` } as AnyFact,
    ];
  });
}
