import { command } from '../../exec/command.ts';
import { run } from '../../exec/run.ts';
import type { Answer } from '../answer.ts';

/**
 * Who gcloud is logged in as, for a service that lets only its invokers in. Service accounts have to name the
 * audience, and people may not: https://cloud.google.com/run/docs/authenticating/developers
 */
export async function identityToken(audience: string, signal: AbortSignal): Promise<Answer<string>> {
  const print = (...more: string[]) =>
    run(command('gcloud', 'auth', 'print-identity-token', '--quiet', ...more), { signal });
  const named = await print(`--audiences=${audience}`);
  const { status, stdout, message } = named.status === 'failed' ? await print() : named;
  if (status === 'ok' && stdout.trim() !== '') return { value: stdout.trim() };
  const next = 'gcloud auth login, as one of the invokers, or give a token with --token-from';
  return { obstacle: { why: `no identity token: ${message}`, next } };
}
