import type { Format, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/**
 * `NAME=value` lines as kustomize reads them into a ConfigMap: all behind the first = is the value,
 * quotes and blanks included. https://github.com/kubernetes-sigs/kustomize/blob/master/api/kv/kv.go
 */
function propertyText(value: unknown, place: string): string {
  const text = scalarText('properties', value);
  if (/[\r\n\0]/.test(text)) refuse('properties', value, 'a line end or NUL would end the value');
  if (place === 'name' && !/^[A-Za-z_][\w.-]*$/.test(text))
    refuse('properties', value, 'a name is letters, digits, _, - and .');
  return text;
}

function place({ before, after }: Surroundings): string {
  if (/^\s*#/.test(before)) return 'comment';
  if (before === '' && after.startsWith('=')) return 'name';
  if (/^\ufffc=$/.test(before) && after === '') return 'value';
  throw new Error('only NAME=value lines and comments are known here');
}

export const properties: Format = {
  id: 'properties',
  place,
  write: (value, at) => (at === 'comment' ? commentText('properties', value) : propertyText(value, at)),
};
