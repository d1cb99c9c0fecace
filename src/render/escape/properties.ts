import type { Format, Surroundings } from '../format.ts';
import { refuse } from '../unrepresentable.ts';
import { commentText, scalarText } from './scalar.ts';

/** What the YAML reader of kustomize takes for an error or a line end, however it is written. */
export const UNREADABLE = /[\u007f-\u009f\ufffe\uffff]/;

/** Whether a value can stand on such a line at all. */
export const isProperty = (text: string): boolean => !/[\r\n\0]/.test(text) && !UNREADABLE.test(text);

/**
 * `NAME=value` lines as kustomize reads them into a ConfigMap: all behind the first = is the value,
 * quotes and blanks included. https://github.com/kubernetes-sigs/kustomize/blob/master/api/kv/kv.go
 */
function propertyText(value: unknown, place: string): string {
  const text = scalarText('properties', value);
  if (!isProperty(text))
    refuse('properties', value, 'kustomize reads no line ends or control characters in a value');
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
