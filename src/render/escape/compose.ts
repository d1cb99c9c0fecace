import type { Format } from '../format.ts';
import { Interpolated } from '../interpolation.ts';
import { commentText, scalarText } from './scalar.ts';
import { blockHelper, type Scalar, yamlPlace, yamlScalar, yamlText } from './yaml.ts';

/** Compose replaces `$NAME` in every value, though not in keys: https://docs.docker.com/reference/compose-file/interpolation/ */
const literal = (text: string) => text.replaceAll('$', '$$$$');

const composeScalar: Scalar = (value, place) => {
  if (value instanceof Interpolated) {
    const text = value.pieces.map(piece =>
      'reference' in piece ? piece.reference : literal(scalarText('compose', piece.literal)),
    );
    return yamlText(text.join(''));
  }
  if (typeof value !== 'string' || place === 'key') return yamlScalar(value, place);
  return yamlText(literal(scalarText('compose', value)));
};

export const compose: Format = {
  id: 'compose',
  place: yamlPlace,
  write: (value, place) =>
    place === 'comment' ? commentText('compose', value) : composeScalar(value, place),
  helpers: { yaml: blockHelper(composeScalar) },
  ownBlank: ['yaml'],
};
