import type { AnyDocument, Document } from '../artifacts/document.ts';
import type { EnvVariable } from '../artifacts/env/env.ts';
import { factsOf } from '../artifacts/fact.ts';
import { nameOf, unwrapped } from '../artifacts/shell/script.ts';
import { beside, type Edit } from '../artifacts/text.ts';
import { at, itemsOf, textOfNode } from '../artifacts/yaml.ts';
import type { Context } from './context.ts';
import { envFileAt } from './environment.ts';
import type { Finding } from './rule.ts';

/** Programs that read an env file, each by its own rules. */
export type Reader = 'compose' | 'docker --env-file' | 'dotenv' | 'kustomize' | 'shell' | 'systemd';

/** For whom all behind the first = is the value, whatever it looks like. */
const LITERAL: readonly Reader[] = ['docker --env-file', 'kustomize', 'systemd'];

type EnvDocument = Document<'env'>;

/** Who reads each env file of the set, as far as something says so; one of properties has a syntax of its own. */
export function readersOf(context: Context): ReadonlyMap<EnvDocument, ReadonlySet<Reader>> {
  const found = new Map<EnvDocument, Set<Reader>>(
    context
      .of('env')
      .filter(file => !file.name.endsWith('.properties'))
      .map(file => [file, new Set()]),
  );
  const add = (file: EnvDocument | undefined, reader: Reader) => file && found.get(file)?.add(reader);
  const READERS: Partial<Record<string, Reader>> = {
    compose: 'compose',
    docker: 'docker --env-file',
    systemd: 'systemd',
  };
  for (const member of context.members)
    for (const { value } of factsOf(member, 'env.file')) {
      const reader = READERS[member.platform];
      if (reader) add(envFileAt(value.path, member.document, context.documents), reader);
    }
  for (const file of context.of('kustomization').flatMap(envsOf))
    add(
      context.of('env').find(each => each.name === file),
      'kustomize',
    );
  for (const document of context.of('compose')) add(named(context, beside(document.name, '.env')), 'compose');
  for (const script of context.of('shell'))
    for (const command of script.body.commands.map(unwrapped))
      if (/^(?:\.|source)$/.test(nameOf(command))) {
        const path = command.words[1]?.value;
        if (path)
          add(
            named(context, path.replace(/^\.\//, '')) ??
              envFileAt(path, script as AnyDocument, context.documents),
            'shell',
          );
      }
  // The name is that of the libraries that read it.
  for (const [file, readers] of found)
    if (readers.size === 0 && /(?:^|\/)\.env(?:\.[\w-]+)*$/.test(file.name)) readers.add('dotenv');
  return found;
}

const envsOf = ({ name, body }: Document<'kustomization'>): readonly string[] =>
  ['configMapGenerator', 'secretGenerator']
    .flatMap(key => itemsOf(at(body, key)))
    .flatMap(item => [...itemsOf(at(item, 'envs')), at(item, 'env')])
    .flatMap(node => beside(name, textOfNode(node) ?? '') ?? []);

const named = (context: Context, path: string | undefined): EnvDocument | undefined =>
  context.of('env').find(each => each.name === path || each.name === `${path}.example`);

/** What a reader makes of a line that its writer did not mean. */
interface Misreading {
  readonly what: string;
  readonly edits: readonly Edit[];
}

/** Comments behind values: https://docs.docker.com/reference/cli/docker/container/run/#env and systemd.exec(5), EnvironmentFile= */
function comment(
  { text }: EnvDocument,
  variable: EnvVariable,
  readers: ReadonlySet<Reader>,
): Misreading | undefined {
  const [whole = '', spaces = '', note = ''] =
    /(\s+)(#.*)$/.exec(variable.quote ? behindQuote(variable) : variable.raw) ?? [];
  const keeps = [...readers].filter(each => LITERAL.includes(each));
  if (note === '' || variable.raw.includes('\n') || (readers.size > 0 && keeps.length === 0))
    return undefined;
  const end = variable.start + text.content.slice(variable.start).search(/\r?\n|$/);
  const from = text.content.lastIndexOf('\n', variable.start) + 1;
  return {
    what: `${keeps.length > 0 ? keeps.join(' and ') : 'docker --env-file and systemd'} ${keeps.length === 1 ? 'takes' : 'take'} "${spaces.trim()}${note.slice(0, 30)}" for a part of the value`,
    edits: whole === '' ? [] : [text.edit(from, from, `${note}\n`), text.edit(end - whole.length, end, '')],
  };
}

const behindQuote = ({ raw, quote }: EnvVariable): string => raw.slice(raw.lastIndexOf(quote ?? '') + 1);

function exported(
  { text }: EnvDocument,
  variable: EnvVariable,
  readers: ReadonlySet<Reader>,
): Misreading | undefined {
  const refusing = [...readers].filter(each => LITERAL.includes(each));
  if (!variable.exported || (readers.size > 0 && refusing.length === 0)) return undefined;
  const length = /^export\s+/.exec(text.content.slice(variable.start))?.[0].length ?? 0;
  return {
    what: `${refusing.join(' and ') || 'docker --env-file and systemd'} ${refusing.length === 1 ? 'knows' : 'know'} no export: the line is refused or left out`,
    edits: length > 0 ? [text.edit(variable.start, variable.start + length, '')] : [],
  };
}

function quoted(
  { text }: EnvDocument,
  variable: EnvVariable,
  readers: ReadonlySet<Reader>,
): Misreading | undefined {
  const keeping = [...readers].filter(each => each !== 'systemd' && LITERAL.includes(each));
  if (!variable.quote || keeping.length === 0 || variable.value === undefined) return undefined;
  const isPlain =
    keeping.length === readers.size &&
    !/[\n'"\\]/.test(variable.value) &&
    behindQuote(variable).trim() === '';
  return {
    what: `${keeping.join(' and ')} ${keeping.length === 1 ? 'keeps' : 'keep'} the quotes as a part of the value`,
    edits: isPlain ? [text.edit(variable.valueStart, variable.end, variable.value)] : [],
  };
}

function references(
  { body }: EnvDocument,
  variable: EnvVariable,
  readers: ReadonlySet<Reader>,
): Misreading | undefined {
  if (variable.quote === "'") return undefined;
  const name = /(?<![$\\])\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(variable.raw);
  const [whole, braced, bare] = name ?? [];
  const literal = [...readers].filter(each => LITERAL.includes(each));
  if (!whole) return undefined;
  if (braced && literal.length > 0)
    return {
      what: `${literal.join(' and ')} ${literal.length === 1 ? 'does' : 'do'} not fill in ${whole}`,
      edits: [],
    };
  const filling = [...readers].filter(each => each === 'compose' || each === 'shell');
  const isSecret = /PASS|SECRET|TOKEN|KEY|URL|DSN/.test(variable.name);
  if (!bare || filling.length === 0 || !isSecret || body.some(each => each.name === bare)) return undefined;
  return {
    what: `${filling.join(' and ')} ${filling.length === 1 ? 'fills' : 'fill'} in what follows $, which nothing sets: a part of the value is lost`,
    edits: [],
  };
}

function spaced(
  { text }: EnvDocument,
  variable: EnvVariable,
  readers: ReadonlySet<Reader>,
): Misreading | undefined {
  const before = text.content.slice(variable.start, variable.valueStart);
  const around = /\s=$/.test(before) || (/^[ \t]+\S/.test(variable.raw) && /=$/.test(before));
  const strict = [...readers].filter(each => each === 'docker --env-file' || each === 'shell');
  if (!around || strict.length === 0) return undefined;
  const name = before.replace(/\s*=$/, '').length;
  const value = /^\s*/.exec(variable.raw)?.[0].length ?? 0;
  return {
    what: `${strict.join(' and ')} ${strict.length === 1 ? 'takes' : 'take'} the space at = for a part of the name or value`,
    edits: [text.edit(variable.start + name, variable.valueStart + value, '=')],
  };
}

const JUDGES = [comment, exported, quoted, references, spaced];

/** Each line that its known reader takes otherwise than it looks; where no reader is known, what readers disagree on. */
export function misread(file: EnvDocument, readers: ReadonlySet<Reader>): Finding[] {
  const severity = readers.size === 0 ? ('warning' as const) : ('error' as const);
  const lines = file.body.flatMap(variable =>
    JUDGES.flatMap((judge): Finding[] => {
      const found = judge(file, variable, readers);
      if (!found) return [];
      return [
        {
          at: file.text.place(variable.start),
          severity,
          message: `${found.what} (${variable.name})`,
          edits: found.edits,
        },
      ];
    }),
  );
  return [...lines, ...twice(file)];
}

/** One finding for each name, at the line that holds. */
function twice({ body, text }: EnvDocument): Finding[] {
  const first = new Map<string, EnvVariable>();
  const last = new Map<string, EnvVariable>();
  for (const variable of body) {
    const earlier = first.get(variable.name);
    if (!earlier) first.set(variable.name, variable);
    else if (earlier.value !== variable.value) last.set(variable.name, variable);
  }
  return [...last].map(([name, variable]) => ({
    at: text.place(variable.start),
    severity: 'warning' as const,
    message: `${name} is set twice with different values: the last one holds`,
    related: [{ ...text.place(first.get(name)?.start ?? 0), message: 'the first one' }],
  }));
}
