import type { EnvVariable, Evidence, Finding, Note } from '../detection.ts';
import { evidenceAt, finding } from '../evidence.ts';
import type { Program } from '../program/facts.ts';
import { engineOfModule, engineOfUrl } from './databases.ts';
import { hostOfModule, hostOfUrl, providerHost } from './egress.ts';

/** Without a scheme, as clients of gRPC name a server. */
const LOCAL_ADDRESS = /^(?:localhost|127\.0\.0\.1|\[::1\]):\d+$/;

interface Outside {
  egress: Finding<string>[];
  /** Services on this machine by default: they become services or stay on the host, which only the author knows. */
  local: { env: string; url: string; evidence: Evidence[] }[];
}

/** Hosts that the program calls: by its libraries, by the defaults of its variables, by the URLs it passes to a client. */
export function outsideOf(program: Program, env: EnvVariable[]): Outside {
  const found = new Map<string, Finding<string>>();
  const add = (host: string, evidence: Evidence[], sure: boolean) => {
    if (!found.has(host)) found.set(host, finding(host, evidence, sure ? 'certain' : 'likely'));
  };
  const local: Outside['local'] = [];
  for (const { name, default: fallback, evidence } of env) {
    if (fallback && LOCAL_ADDRESS.test(fallback)) local.push({ env: name, url: fallback, evidence });
    const host = fallback ? hostOfUrl(fallback) : undefined;
    if (!host || /CORS|ORIGIN|PUBLIC|SELF|FRONTEND|CALLBACK|REDIRECT/.test(name)) continue;
    if (host.local) local.push({ env: name, url: fallback ?? '', evidence });
    else add(host.host, evidence, true);
  }
  for (const file of program.files) {
    for (const { text, node } of file.strings) {
      const host = hostOfUrl(text);
      if (host && !host.local && providerHost.test(host.host.split(':')[0] ?? ''))
        add(host.host, [evidenceAt(file, node)], true);
    }
  }
  const overridden = env.some(
    ({ name, default: fallback }) =>
      /(LLM|OPENAI|ANTHROPIC|MODEL)_?(API_)?(BASE_URL|BASE|URL|ENDPOINT|HOST)$/.test(name) && fallback,
  );
  for (const file of program.files) {
    for (const { module, node } of file.imports) {
      const known = hostOfModule(module);
      if (known && !overridden) add(known.host, [evidenceAt(file, node)], false);
    }
  }
  return { egress: [...found.values()].sort((a, b) => (a.value < b.value ? -1 : 1)), local };
}

/** Keys that a provider's library reads by itself. */
export function libraryKeys(program: Program, env: EnvVariable[]): EnvVariable[] {
  const keys: EnvVariable[] = [];
  for (const file of program.files) {
    for (const { module, node } of file.imports) {
      const key = hostOfModule(module)?.key;
      if (!key || [...env, ...keys].some(({ name }) => name === key || name.endsWith(`_${key}`))) continue;
      // Given under another name, it is read by the program itself.
      if (env.some(({ name, secret }) => secret && /(LLM|MODEL|PROVIDER|AI)\w*_(API_)?KEY$/.test(name)))
        continue;
      const { file: path, line } = evidenceAt(file, node);
      keys.push({ name: key, required: true, secret: true, evidence: [{ file: path, line }] });
    }
  }
  return keys;
}

export function databaseOf(
  program: Program,
  env: EnvVariable[],
): Finding<'postgres' | 'mysql' | 'sqlite' | 'mongodb'> | undefined {
  for (const file of program.files) {
    for (const { module, node } of file.imports) {
      const engine = engineOfModule(module);
      if (engine) return finding(engine, evidenceAt(file, node));
    }
    for (const { text, node } of file.strings) {
      const engine = /:\/\//.test(text) ? engineOfUrl(text) : undefined;
      if (engine) return finding(engine, { file: file.path, line: node.startPosition.row + 1 }, 'likely');
    }
  }
  const named = env.find(({ name }) => /^(POSTGRES|PG)_?(HOST|SERVER|URL|DSN|DB|DATABASE|USER)$/.test(name));
  return named && finding('postgres', named.evidence, 'likely');
}

/** Origins that the program allows; `*` is said, not copied. */
export function corsOf(program: Program, env: EnvVariable[]): { cors?: Finding<string[]>; notes: Note[] } {
  for (const file of program.files) {
    for (const call of file.calls) {
      if (
        !/cors|CORSMiddleware|AllowedOrigins|CorsConfig|add_middleware/i.test(
          `${call.dotted} ${[...call.keywords.keys()].join(' ')}`,
        )
      )
        continue;
      const node = ['AllowedOrigins', 'AllowOrigins', 'allow_origins', 'origins', 'origin']
        .map(key => call.keywords.get(key))
        .find(Boolean);
      if (!node) continue;
      const origins = file.strings
        .filter(({ node: at }) => at.startIndex >= node.startIndex && at.endIndex <= node.endIndex)
        .map(({ text }) => text);
      const evidence = evidenceAt(file, node);
      if (origins.includes('*'))
        return {
          notes: [
            {
              message: 'any origin may call it (CORS allows *)',
              evidence: [evidence],
              propose: 'Name the origins under `cors`.',
            },
          ],
        };
      const named = origins.filter(
        origin => /^https?:\/\//.test(origin) && !/localhost|127\.0\.0\.1/.test(origin),
      );
      if (named.length > 0) return { cors: finding(named, evidence), notes: [] };
    }
  }
  const variable = env.find(
    ({ name, default: fallback }) => /CORS|ALLOWED_ORIGINS/.test(name) && /^https?:\/\//.test(fallback ?? ''),
  );
  const list =
    variable?.default
      ?.split(',')
      .map(origin => origin.trim())
      .filter(origin => !/localhost|127\.0\.0\.1/.test(origin)) ?? [];
  return list.length > 0 && variable ? { cors: finding(list, variable.evidence), notes: [] } : { notes: [] };
}
