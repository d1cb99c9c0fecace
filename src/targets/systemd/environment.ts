import type { HostService, Instance } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { environmentFileText } from '../../render/escape/environment-file.ts';
import { DATABASE_URL, type Piece } from '../one-machine.ts';
import { isKnown, piecesOf } from './place.ts';

/** Variables of one running copy, by who supplies them. */
export interface Environment {
  /** `NAME=value`, in the unit. */
  readonly known: readonly string[];
  /** Written with the release: text around its version, escaped to stand between double quotes. */
  readonly tagged: readonly { readonly name: string; readonly pieces: readonly string[] }[];
  /** Built around the database's URL, which the operator's file holds. */
  readonly fromOperator: readonly string[];
}

export function environmentOf(model: Model, host: HostService, instance: Instance): Environment {
  const texts = Object.entries(host.service.env).map(
    ([name, text]) => [name, piecesOf(text, model, host, instance)] as const,
  );
  const own = texts
    .filter(([, pieces]) => isKnown(pieces))
    .map(([name, pieces]) => `${name}=${pieces.join('')}`);
  const open = texts.filter(([, pieces]) => !isKnown(pieces));
  return {
    known: [...runtimeVariables(host, instance), ...own],
    tagged: open
      .filter(([, pieces]) => !pieces.includes(DATABASE_URL))
      .map(([name, pieces]) => ({ name, pieces: around(pieces) })),
    fromOperator: open.filter(([, pieces]) => pieces.includes(DATABASE_URL)).map(([name]) => name),
  };
}

/** The text before, between and after each occurrence of the version. */
function around(pieces: readonly Piece[]): string[] {
  const texts = [''];
  for (const piece of pieces) {
    if (typeof piece === 'string') texts.push((texts.pop() ?? '') + environmentFileText(piece));
    else texts.push('');
  }
  return texts;
}

/** What the platform implies: an interpreter's habits, Go's share of the machine, gunicorn's address. */
function runtimeVariables({ service }: HostService, instance: Instance): string[] {
  const { goMemoryLimit, goMaxProcs } = service.capacity;
  switch (service.source.language) {
    case 'go':
      return [`GOMEMLIMIT=${goMemoryLimit}B`, `GOMAXPROCS=${goMaxProcs}`];
    case 'python':
      return [
        'PYTHONDONTWRITEBYTECODE=1',
        'PYTHONUNBUFFERED=1',
        ...(service.kind === 'http' && !service.command && instance.port !== undefined
          ? [`GUNICORN_BIND=127.0.0.1:${instance.port}`]
          : []),
      ];
    default:
      return ['NODE_ENV=production'];
  }
}
