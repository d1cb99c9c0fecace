import type { Component } from '../artifacts/fact.ts';
import { factsOf } from '../artifacts/fact.ts';

/** Variables by which programs are told how to reach a model that answers elsewhere. */
export const PROVIDER_KEY =
  /^(?:OPENAI|ANTHROPIC|CLAUDE|GEMINI|GOOGLE_AI|GOOGLE_GENAI|MISTRAL|GROQ|COHERE|DEEPSEEK|XAI|OPENROUTER|TOGETHER|PERPLEXITY|AZURE_OPENAI|LLM)_(?:\w+_)?(?:API_)?(?:KEY|TOKEN)$/;

/** A variable of it that says it calls a model; undefined where nothing says so. */
export const providerOf = (component: Component): string | undefined =>
  factsOf(component, 'env').find(({ value: { name } }) => PROVIDER_KEY.test(name))?.value.name;
