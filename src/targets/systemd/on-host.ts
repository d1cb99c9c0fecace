import type { HostService } from '../../model/host.ts';
import type { Interpolated } from '../../render/engine.ts';

export type Word = string | Interpolated;

/** The path of something in the release. */
export const below = (link: string, path: string): string => `${link}/${path}`;

export const python = (link: string, { paths }: HostService): string =>
  below(link, `${paths.venv}/bin/python`);

/** A command as an image has it, said for this machine: its own programs and interpreters stand in the release. */
export function onHost(words: readonly Word[], link: string, own: HostService): Word[] {
  const [first, ...rest] = words;
  const name = typeof first === 'string' ? first.replace(/^\/(?:app\/)?/, '') : textOf(first);
  const program = own.programs.find(each => each.program === name);
  if (program) return [below(link, `bin/${program.file}`), ...rest];
  if (own.service.source.language === 'python' && /^python3?$/.test(name))
    return [python(link, own), ...rest];
  // As in an image, whose environment's programs come first.
  if (own.service.source.language === 'python' && !name.includes('/'))
    return [below(link, `${own.paths.venv}/bin/${name}`), ...rest];
  if (name === 'node') return ['/usr/bin/node', ...rest];
  return [textOf(first), ...rest];
}

/** The program itself is a path, in which no variable can stand. */
const textOf = (word: Word | undefined): string =>
  typeof word === 'string'
    ? word
    : (word?.pieces ?? []).map(piece => ('literal' in piece ? piece.literal : piece.reference)).join('');
