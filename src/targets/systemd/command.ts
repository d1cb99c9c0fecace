import type { Text } from '../../config/schema/text.ts';
import type { Host, HostService, Instance } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { type Interpolated, interpolation, mixed } from '../../render/engine.ts';
import { type Piece, piecesOf, TAG } from './place.ts';

type Word = string | Interpolated;

const AIDEPLOY_TAG = interpolation('${AIDEPLOY_TAG}');

/** The command line of one running copy, below the link that names its release. */
export function commandOf(model: Model, host: Host, own: HostService, instance: Instance): Word[] {
  const { service } = own;
  const words = (texts: readonly Text[]) => texts.map(text => word(piecesOf(text, model, own, instance)));
  const args = words(service.args);
  if (service.command) return [...onHost(words(service.command), host.current, own), ...args];
  return [...programOf(host, own, args)];
}

/** The path of something in the release. */
const below = (link: string, path: string): string => `${link}/${path}`;

const python = (link: string, { paths }: HostService) => below(link, `${paths.venv}/bin/python`);

function programOf({ current }: Host, own: HostService, args: readonly Word[]): Word[] {
  const { service, programs, paths } = own;
  const { language, main, factory } = service.source;
  if (language === 'go') return [below(current, `bin/${programs[0]?.file}`), ...args];
  if (language === 'node') return ['/usr/bin/node', main, ...args];
  if (service.kind !== 'http')
    return [
      python(current, own),
      ...(main.endsWith('.py') ? [main] : ['-m', main.replace(/:.*$/, '')]),
      ...args,
    ];
  const config = below(current, `${paths.rendered}/gunicorn.conf.py`);
  // As a module: a script's first line would name the folder that the release was made in.
  return [python(current, own), '-m', 'gunicorn', '--config', config, ...args, factory ? `${main}()` : main];
}

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

function word(pieces: readonly Piece[]): Word {
  if (pieces.every(piece => typeof piece === 'string')) return pieces.join('');
  return mixed(
    pieces.map(piece => (typeof piece === 'string' ? piece : piece === TAG ? AIDEPLOY_TAG : DATABASE)),
  );
}

const DATABASE = interpolation('${DATABASE_URL}');
