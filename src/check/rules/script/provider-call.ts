import { providerCalls } from '../../commands/provider-calls.ts';
import type { Rule } from '../../rule.ts';

export const providerCall: Rule = {
  id: 'script/provider-call',
  severity: ['warning', 'info'],
  title: 'a call of a model provider that it refuses, or that shows what it carries',
  why: 'The provider answers 401 or 405, so the check says nothing of the key or the network; and what stands in a query string is kept in the logs of every proxy on the way.',
  fix: 'POST a JSON body with the headers that the API asks for, and keep prompts and keys out of the URL.',
  fixable: 'no',
  example: {
    bad: 'curl -d @body.json https://api.anthropic.com/v1/messages',
    good: "curl -H @auth -H 'anthropic-version: 2023-06-01' --json @body.json https://api.anthropic.com/v1/messages",
  },
  check: providerCalls,
};
