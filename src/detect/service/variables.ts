import type { EnvVariable } from '../detection.ts';
import { distinct, isSecretName, looksSecret } from '../evidence.ts';
import type { Value } from '../program/evaluate.ts';

/** Set by platforms and shells, not by a deployment's author. */
const ambient =
  /^(HOME|PATH|USER|PWD|SHELL|TERM|TMPDIR|HOSTNAME|LANG|TZ|CI|NO_COLOR|GOPATH|GOROOT|PYTHONPATH|VIRTUAL_ENV|LD_LIBRARY_PATH|LOCALAPPDATA|APPDATA|SSL_CERT_(FILE|DIR)|KUBERNETES_\w+|K_\w+|XDG_\w+|npm_\w+)$/;

/** One entry for each variable, by name, from all the places that read it. */
export function variablesOf(reads: Value[]): EnvVariable[] {
  const byName = new Map<string, EnvVariable>();
  const optional = new Set<string>();
  for (const { env, evidence } of reads) {
    if (!env || ambient.test(env.name) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(env.name)) continue;
    const secret = isSecretName(env.name) || (env.fallback !== undefined && looksSecret(env.fallback));
    const known = byName.get(env.name) ?? { name: env.name, required: false, secret, evidence: [] };
    if (secret) known.secret = true;
    if (known.secret) delete known.default;
    else if (env.fallback) known.default ??= env.fallback;
    // A default anywhere, or a test for its absence, says that the program can do without.
    if (env.fallback !== undefined || env.required === false) optional.add(env.name);
    known.required = !optional.has(env.name) && (known.required || (env.required ?? secret));
    // The line of a secret isn't shown: it may hold a value.
    known.evidence = distinct([...known.evidence, ...evidence.slice(0, 1)]).map(({ text, ...place }) =>
      known.secret || !text ? place : { ...place, text },
    );
    byName.set(env.name, known);
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
