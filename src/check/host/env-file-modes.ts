import type { Document } from '../../artifacts/document.ts';
import { factsOf } from '../../artifacts/fact.ts';
import { type Command, nameOf, optionValues, unwrapped, type Word } from '../../artifacts/shell/script.ts';
import type { Edit } from '../../artifacts/text.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';

const SECRET = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|DATABASE_URL|DSN)(?:_|$)/;

/** Env files with secrets that a step puts onto a host for everybody to read. */
export function readableSecrets(context: Context): Finding[] {
  const secrets = secretFiles(context);
  return [
    ...context.of('shell').flatMap(script => installed(script, secrets)),
    ...context
      .of('tmpfiles')
      .flatMap(({ body, text }) =>
        body.flatMap(({ fields: [type = '', path = '', mode = ''], start }): Finding[] =>
          /^[fC]/.test(type) && secrets.paths.has(path) && isReadable(mode)
            ? [{ at: text.place(start), message: `${path} holds secrets, and its mode is ${mode}` }]
            : [],
        ),
      ),
  ];
}

interface Secrets {
  /** Where services read them on the host. */
  readonly paths: ReadonlySet<string>;
  /** Where services read any. */
  readonly read: ReadonlySet<string>;
  /** Names of files of the set that hold some. */
  readonly names: ReadonlySet<string>;
}

function secretFiles(context: Context): Secrets {
  const isSecret = (name: string) => SECRET.test(name);
  const names = context
    .of('env')
    .filter(({ body }) => body.some(each => isSecret(each.name)))
    .map(({ name }) => (name.split('/').at(-1) ?? '').replace(/\.(?:example|sample|template|dist)$/, ''));
  const read = context.members
    .filter(member => member.platform === 'systemd')
    .flatMap(member => factsOf(member, 'env.file').map(({ value }) => value.path));
  const paths = read.filter(path => names.includes(path.split('/').at(-1) ?? ''));
  return { paths: new Set(paths), read: new Set(read), names: new Set(names) };
}

/** Others may read it; `000` of a mode that says nothing of them is none. */
const isReadable = (mode: string): boolean => /^[0-7]{3,4}$/.test(mode) && Number(mode.at(-1)) >= 4;

interface Written {
  readonly path: Word;
  readonly command: Command;
  /** The mode that the command itself gives it. */
  readonly mode: Word | undefined;
}

function installed({ body, text }: Document<'shell'>, secrets: Secrets): Finding[] {
  const commands = body.commands;
  return commands.flatMap((command, i): Finding[] => {
    const found = writtenBy(command, secrets);
    const path = found?.path.value;
    if (!found || path === undefined) return [];
    if (found.mode ? !isReadable(found.mode.value ?? '') : isProtected(commands, i, path)) return [];
    const mode = found.mode
      ? `mode ${found.mode.value}`
      : nameOf(unwrapped(command)) === 'install'
        ? 'mode 755, the default of install'
        : 'the mode that umask leaves';
    return [
      {
        at: text.place(command.start),
        message: `${path} holds secrets and gets ${mode}`,
        edits: mended(text, found, path),
      },
    ];
  });
}

/** `cp a b`, `install a b`, `mv a b`, `cat > b <<EOF`, `tee b`: the file that it writes, if that is one with secrets. */
function writtenBy(command: Command, { paths, read, names }: Secrets): Written | undefined {
  const plain = unwrapped(command);
  const name = nameOf(plain);
  const words = plain.words.slice(1);
  const last = words.at(-1);
  const mode = name === 'install' ? optionValues(plain, '-m', '--mode')[0] : undefined;
  if (
    /^(?:cp|install|mv)$/.test(name) &&
    last &&
    words.length > 1 &&
    !words.some(word => /^-\w*[dp]\w*$|^--(?:directory|preserve|archive)|^-a$/.test(word.raw))
  ) {
    const source =
      words
        .at(-2)
        ?.value?.split('/')
        .at(-1)
        ?.replace(/\.(?:example|sample|template|dist)$/, '') ?? '';
    const isSecret =
      (last.value !== undefined && paths.has(last.value)) ||
      (names.has(source) &&
        (read.has(last.value ?? '') || /^\/.*\.env$|^\/etc\/(?:default|sysconfig)\//.test(last.value ?? '')));
    return isSecret && last.value?.startsWith('/') ? { path: last, command, mode } : undefined;
  }
  const redirect = plain.redirects.find(({ operator }) => operator.startsWith('>'));
  const target =
    redirect?.target ?? (name === 'tee' ? words.find(word => !word.raw.startsWith('-')) : undefined);
  const document = command.redirects.find(({ heredoc }) => heredoc)?.heredoc?.content ?? '';
  const holds = document
    .split('\n')
    .some(line => SECRET.test(/^\s*(?:export\s+)?([A-Z]\w*)=/.exec(line)?.[1] ?? ''));
  if (!target?.value?.startsWith('/') || target.value.startsWith('/dev/')) return undefined;
  return (holds && /\.env$|^\/etc\/(?:default|sysconfig)\//.test(target.value)) || paths.has(target.value)
    ? { path: target, command, mode: undefined }
    : undefined;
}

const STRICT = /^0?[0-7]?[0-7]0$|(?:^|,)(?:o|go|og)(?:=|-r[wx]*)$/;

/** A umask before, a chmod anywhere, or a folder that others may not enter. */
function isProtected(commands: readonly Command[], at: number, path: string): boolean {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return commands.some((each, i) => {
    const plain = unwrapped(each);
    const [, second, ...rest] = plain.words.map(({ value, raw }) => value ?? raw);
    switch (nameOf(plain)) {
      case 'umask':
        return i < at && /[267]7$/.test(second ?? '');
      case 'chmod': {
        const words = [second ?? '', ...rest];
        const mode = words.find(word => !/^-[RvcfH]+$|^--/.test(word)) ?? '';
        // A path that is only known when it runs may be this one.
        return (
          STRICT.test(mode) &&
          words.some(word => word === path || word === folder || word.includes('$') || word.endsWith('*.env'))
        );
      }
      case 'install': {
        const mode = optionValues(plain, '-m', '--mode')[0]?.value ?? '';
        return (
          /^-\w*d/.test(plain.words.find(word => /^-\w*d\w*$/.test(word.raw))?.raw ?? '') &&
          /^0?[0-7][0-7]0$/.test(mode) &&
          plain.words.some(word => word.value === folder)
        );
      }
      default:
        return false;
    }
  });
}

function mended(text: Document<'shell'>['text'], { command, mode }: Written, path: string): Edit[] {
  const plain = unwrapped(command);
  const name = plain.words[0];
  if (mode)
    return [
      text.edit(
        mode.start,
        mode.end,
        text.content.slice(mode.start, mode.end).replace(mode.value ?? '', '600'),
      ),
    ];
  if (!name || !/^[\w./-]+$/.test(path)) return [];
  if (nameOf(plain) === 'install') return [text.edit(name.end, name.end, ' -m 600')];
  const isPlain =
    command.redirects.length === 0 &&
    command.pipe.of === 1 &&
    !command.tested &&
    !command.background &&
    command.otherwise === undefined;
  if (!isPlain || nameOf(plain) === 'tee') return [];
  const sudo = /^\s*sudo\b/.test(text.content.slice(command.start, command.end)) ? 'sudo ' : '';
  return [text.edit(command.end, command.end, ` && ${sudo}chmod 600 ${path}`)];
}
