import { expressionsIn } from '../../artifacts/workflow/expressions.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';

interface Use {
  readonly name: string;
  readonly at: Finding['at'];
}

/** Secrets of workflows that the list of secrets in a guide of the set leaves out. */
export function undocumentedSecrets(context: Context): readonly Finding[] {
  const used = new Map<string, Use>();
  for (const { body } of context.of('workflow'))
    for (const { references, text, start } of expressionsIn(body.root))
      for (const { path, start: at } of references)
        if (path[0] === 'secrets' && path[1] && path[1] !== 'github_token' && !used.has(path[1]))
          used.set(path[1], { name: path[1].toUpperCase(), at: text.place(start + at) });
  const list = used.size > 0 ? documented(context, [...used.values()]) : undefined;
  if (!list) return [];
  return [...used.values()]
    .filter(({ name }) => !list.mentioned.has(name))
    .map(({ name, at }) => ({
      at,
      message: `secrets.${name} is not in the list of secrets`,
      related: [{ ...list.at, message: `which holds ${list.names.join(', ')}` }],
    }));
}

/** A section about secrets that names at least two, and half, of those in use is the list; another mention of a name counts, too. */
function documented({ of }: Context, used: readonly Use[]) {
  const mentioned = new Set<string>();
  let list: { names: readonly string[]; at: Finding['at'] } | undefined;
  for (const { text } of of('markdown')) {
    const upper = new Set(text.content.match(/\b[A-Z][A-Z0-9_]{2,60}\b/g) ?? []);
    for (const name of upper) mentioned.add(name);
    const heading = /^#{1,6} .{0,80}\bsecrets?\b.{0,80}$/im.exec(text.content);
    if (!heading) continue;
    const rest = text.content.slice(heading.index + heading[0].length);
    const section = rest.slice(0, /^#{1,6} /m.exec(rest)?.index ?? rest.length);
    const items = section
      .split('\n')
      .filter(line => /^\s*(?:[-*|]|\d+\.)/.test(line))
      .join('\n');
    const names = used.map(({ name }) => name).filter(name => new RegExp(`\\b${name}\\b`).test(items));
    if (names.length >= 2 && names.length * 2 >= used.length && !list)
      list = { names, at: text.place(heading.index) };
  }
  return list && { ...list, mentioned };
}
