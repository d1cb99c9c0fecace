import type { Format } from '../format.ts';
import { Interpolated } from '../interpolation.ts';
import { commentText, scalarText } from './scalar.ts';
import { blockHelper, type Scalar, yamlPlace, yamlQuoted, yamlScalar } from './yaml.ts';

/** deploy.sh fills `${AIDEPLOY_…}` in the text of the file, so a dollar sign of a user's is written as its code. */
const quoted = (text: string) => yamlQuoted(text).replaceAll(/\$(?=\{|"$)/g, '\\u0024');

const scalar: Scalar = (value, place) => {
  if (value instanceof Interpolated) {
    const pieces = value.pieces.map(piece =>
      'reference' in piece ? piece.reference : quoted(scalarText('cloudrun', piece.literal)).slice(1, -1),
    );
    return `"${pieces.join('')}"`;
  }
  return typeof value === 'string' && value.includes('${')
    ? quoted(scalarText('cloudrun', value))
    : yamlScalar(value, place);
};

/** YAML with values that are known when it is deployed. */
export const cloudrun: Format = {
  id: 'cloudrun',
  place: yamlPlace,
  write: (value, place) => (place === 'comment' ? commentText('cloudrun', value) : scalar(value, place)),
  helpers: { yaml: blockHelper(scalar) },
  ownBlank: ['yaml'],
};
