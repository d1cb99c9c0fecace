import type { Model } from '../../model/model.ts';
import type { Variable } from './variable.ts';

/** Where the keys that AI services usually need are made. */
const MADE_AT: Readonly<Record<string, string>> = {
  ANTHROPIC_API_KEY: 'https://console.anthropic.com/settings/keys',
  GEMINI_API_KEY: 'https://aistudio.google.com/apikey',
  HF_TOKEN: 'https://huggingface.co/settings/tokens',
  HUGGINGFACE_API_KEY: 'https://huggingface.co/settings/tokens',
  MISTRAL_API_KEY: 'https://console.mistral.ai/api-keys',
  OPENAI_API_KEY: 'https://platform.openai.com/api-keys',
  SLACK_WEBHOOK_URL: 'https://api.slack.com/messaging/webhooks',
  XAI_API_KEY: 'https://console.x.ai',
};

/** Every secret that an operator gives, once, with all its readers. */
export function secretVariables(model: Model): Variable[] {
  const readers = new Map<string, Set<string>>();
  const required = new Set<string>();
  const note = (name: string, reader: string, optional: boolean) => {
    readers.set(name, (readers.get(name) ?? new Set()).add(reader));
    if (!optional) required.add(name);
  };
  for (const { key, secrets } of model.services) {
    for (const { name, from, optional } of secrets) if (from === 'operator') note(name, key, optional);
  }
  for (const name of smokeSecrets(model)) note(name, 'aideploy verify', true);
  const { slack } = model.observability.notify;
  if (slack) note(slack, 'Alertmanager', true);
  return [...readers].map(([name, by]) => ({
    name,
    notes: [`Read by: ${[...by].join(', ')}.${howToMake(name)}`],
    optional: !required.has(name),
  }));
}

function howToMake(name: string): string {
  const page = MADE_AT[name];
  if (page) return ` Made at ${page}`;
  return /(?:SECRET|PASSWORD|TOKEN)$/.test(name) ? ' If it is yours to choose: openssl rand -hex 32' : '';
}

/** A smoke may name a secret wherever it has text: `Bearer ${secret.SMOKE_TOKEN}`. */
function smokeSecrets(model: Model): string[] {
  const text = JSON.stringify(model.services.map(service => service.smoke));
  const found = text.matchAll(/(?:"reference":"|\$\{)\s*secret\.([A-Za-z_]\w*)/g);
  return [...new Set([...found].map(match => match[1] ?? ''))].sort();
}
