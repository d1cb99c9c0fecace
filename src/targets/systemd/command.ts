import type { Text } from '../../config/schema/text.ts';
import type { Host, HostService, Instance } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { interpolation, mixed } from '../../render/engine.ts';
import { type Piece, TAG } from '../one-machine.ts';
import { below, onHost, python, type Word } from './on-host.ts';
import { piecesOf } from './place.ts';

const AIDEPLOY_TAG = interpolation('${AIDEPLOY_TAG}');

/** The command line of one running copy, below the link that names its release. */
export function commandOf(model: Model, host: Host, own: HostService, instance: Instance): Word[] {
  const { service } = own;
  const words = (texts: readonly Text[]) => texts.map(text => word(piecesOf(text, model, own, instance)));
  const args = words(service.args);
  if (service.command) return [...onHost(words(service.command), host.current, own), ...args];
  return [...programOf(host, own, args)];
}

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

function word(pieces: readonly Piece[]): Word {
  if (pieces.every(piece => typeof piece === 'string')) return pieces.join('');
  return mixed(
    pieces.map(piece => (typeof piece === 'string' ? piece : piece === TAG ? AIDEPLOY_TAG : DATABASE)),
  );
}

const DATABASE = interpolation('${DATABASE_URL}');
