import type { Document } from '../../artifacts/document.ts';
import { beside } from '../../artifacts/text.ts';
import { entriesOf, itemsOf, type YamlNode, type YamlScalar } from '../../artifacts/yaml.ts';
import { environmentOf } from '../assemble.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';

const SECRET = /(?:^|_)(?:PASSWORD|PASSWD|PASS|SECRET|TOKEN|KEY|CREDENTIALS?)(?:_|$)/i;
/** How long a secret lasts or how it is made is none. */
const MANNER =
  /_(?:MINUTES|MINS|HOURS|DAYS|SECONDS|SECS|MS|EXPIRY|EXPIRES|TTL|LIFETIME|LENGTH|ROUNDS|ALGORITHM|TYPE|DOMAINS|ENABLED|NAME|HEADER)$/i;
const ADDRESS = /(?:^|_)(?:URL|URI|DSN)(?:_|$)/i;
/** `$X` and `${X}` with nothing that stands in for them; `$$` is a dollar. */
const REFERENCE = /(\$\$)|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g;

/** Secrets and addresses of a compose file that are empty where nobody set the variable: compose only warns. */
export function blanksIn(context: Context): Finding[] {
  const given = variablesOf(context);
  return context
    .of('compose')
    .filter(document => context.closed || isWholeIn(context, document))
    .filter(({ name }) => !/^(?:dev|local|test|override)/.test(environmentOf(name) ?? ''))
    .flatMap(({ body }) =>
      body.services.flatMap(({ value }) =>
        scalarsIn(value, undefined).flatMap(({ node, key }) => blankOf(node, key, given)),
      ),
    );
}

/** A guide that writes the `.env` of its compose file shows everything that compose is given. */
const isWholeIn = (context: Context, { name, text }: Document<'compose'>): boolean =>
  context.of('env').some(env => env.text.file === text.file && env.name === beside(name, '.env'));

/** Every name that something of the set gives a value, or tells people to. */
function variablesOf(context: Context): ReadonlySet<string> {
  // A sample holds what may be left out as a comment.
  const files = context
    .of('env')
    .flatMap(({ body, text }) => [
      ...body.map(each => each.name),
      ...[...text.content.matchAll(/^\s*#\s*([A-Z_]\w*)=/gm)].flatMap(([, name]) => name ?? []),
    ]);
  const scripts = context.of('shell').flatMap(({ body }) => body.assignments.map(each => each.name));
  const workflows = context
    .of('workflow')
    .flatMap(({ body }) => scalarsIn(body.root, undefined).flatMap(({ key }) => key ?? []));
  return new Set([...files, ...scripts, ...workflows]);
}

interface Found {
  readonly node: YamlScalar;
  /** The key of the mapping that it is a value of. */
  readonly key: string | undefined;
}

function scalarsIn(node: YamlNode, key: string | undefined, depth = 0): readonly Found[] {
  if (node.kind === 'scalar') return [{ node, key }];
  if (depth > 12) return [];
  return node.kind === 'map'
    ? entriesOf(node).flatMap(entry => scalarsIn(entry.value, entry.key.source, depth + 1))
    : itemsOf(node).flatMap(item => scalarsIn(item, undefined, depth + 1));
}

function blankOf(
  { text, start, end, source }: YamlScalar,
  key: string | undefined,
  given: ReadonlySet<string>,
): Finding[] {
  const named = key ?? /^(\w+)=/.exec(source)?.[1] ?? '';
  // The path of a file that holds the secret.
  if (/_(?:FILE|PATH|DIR)$/.test(named)) return [];
  return [...text.content.slice(start, end).matchAll(REFERENCE)].flatMap((match): Finding[] => {
    const name = match[2] ?? match[3];
    if (name === undefined || given.has(name)) return [];
    const isAddress = ADDRESS.test(named) || /^[\w+]+:\/\/|=[\w+]+:\/\//.test(source);
    const isSecret = [name, named].some(each => SECRET.test(each) && !MANNER.test(each));
    if (!isSecret && !isAddress && !ADDRESS.test(name)) return [];
    const at = start + match.index;
    const message = `${match[0]} is empty where nobody sets it, and nothing in the set does: ${named || 'the value'} is blank then`;
    return [{ at: text.place(at), message, edits: [text.edit(at, at + match[0].length, `\${${name}:?}`)] }];
  });
}
