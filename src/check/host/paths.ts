import { type Command, nameOf, unwrapped } from '../../artifacts/shell/script.ts';
import type { Context } from '../context.ts';

/** What the steps of a set create on a host. */
export interface Created {
  readonly paths: ReadonlySet<string>;
  /** Ends of paths whose beginning is only known when a script runs: `/data` of `$APP_DIR/data`. */
  readonly ends: readonly string[];
}

const MAKERS =
  /^(?:mkdir|install|cp|mv|rsync|tar|unzip|ln|useradd|adduser|touch|git|chown|mktemp|tee|systemd-tmpfiles)$/;

/** Paths that scripts, guides and tmpfiles.d make. */
export function createdPaths(context: Context): Created {
  const paths = new Set<string>();
  const ends: string[] = [];
  const add = (path: string) => paths.add(path.replace(/\/+$/, ''));
  for (const { body } of context.of('tmpfiles'))
    for (const { fields } of body) if (fields[1] && !/^[rRxX]/.test(fields[0] ?? '')) add(fields[1]);
  for (const { body } of context.of('shell')) {
    const values = new Map(
      body.assignments.flatMap(({ name, value }) =>
        value?.value === undefined ? [] : [[name, value.value]],
      ),
    );
    for (const command of body.commands.map(unwrapped))
      for (const path of pathsIn(command, values))
        if (path.startsWith('/')) add(path);
        else ends.push(path);
  }
  return { paths, ends };
}

/** A word with the variables that the script sets itself filled in; what is left of it where another is in it. */
function pathsIn(command: Command, values: ReadonlyMap<string, string>): string[] {
  const written = command.redirects.flatMap(({ operator, target }) =>
    operator.startsWith('>') && target ? [target] : [],
  );
  const words = MAKERS.test(nameOf(command)) ? command.words.slice(1) : [];
  return [...words, ...written].flatMap(word => {
    const raw = word.value ?? word.raw.replace(/["']/g, '');
    const text = raw.replace(/\$\{?(\w+)\}?/g, (whole, name: string) => values.get(name) ?? whole);
    // `install -d /srv/{data,logs}` is several.
    const options = /^(.*)\{([^{}$]+,[^{}$]+)\}(.*)$/.exec(text);
    const all = options
      ? (options[2] ?? '').split(',').map(each => `${options[1]}${each}${options[3]}`)
      : [text];
    return all.flatMap(path => {
      if (path.startsWith('/') && !path.includes('$')) return [path];
      return path.includes('$') ? [path.slice(path.lastIndexOf('$')).replace(/^\$\{?\w+[^}/]*\}?/, '')] : [];
    });
  });
}

/** Made itself, or with something below it; or perhaps by a step whose path is not known here. */
export function isCreated({ paths, ends }: Created, path: string): boolean {
  if (paths.has(path) || ends.some(end => end === '' || path.endsWith(end.replace(/\/+$/, '')))) return true;
  for (const each of paths) if (each.startsWith(`${path}/`)) return true;
  return false;
}
