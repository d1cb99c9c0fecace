import { Refusal } from './refusal.mjs';

const at = (value, path) => path.split('.').reduce((each, key) => each?.[key], value);
const text = value => (value === undefined || value === null ? '' : value === true ? 'True' : String(value));
const basename = name => name.split('/').at(-1);

/** Of the expressions that the scripts use, each compared with what the real printer writes. */
const FIELDS = {
  'name.basename()': value => basename(value.name),
  'status.conditions.filter("type:Ready").extract(status).flatten()': value =>
    value.status.conditions
      .filter(({ type }) => type === 'Ready')
      .map(({ status }) => status)
      .join(';'),
  'metadata.annotations."aideploy/revision"': value => value.metadata.annotations?.['aideploy/revision'],
  'metadata.annotations."aideploy/verified"': value => value.metadata.annotations?.['aideploy/verified'],
};
const PATH = /^[a-zA-Z_]+(?:\.[a-zA-Z_]+)*$/;

export function print(result, flags) {
  if (result === undefined) return '';
  if (flags['--format'] === 'json') return JSON.stringify(result);
  if (typeof result === 'string') return result;
  const format = flags['--format'];
  if (format === undefined) return '';
  const [, kind, columns] = /^(value|csv\[no-heading\])\((.+)\)$/.exec(format) ?? [];
  if (!kind) throw new Refusal(`--format=${format} was compared with nothing`, 2);
  const rows = flatten(Array.isArray(result) ? result : [result], flags['--flatten']);
  const names = columns.includes('(') ? [columns] : columns.split(',');
  return rows
    .map(row => `${names.map(name => text(field(row, name))).join(kind === 'value' ? '\t' : ',')}\n`)
    .join('');
}

function field(row, name) {
  if (FIELDS[name]) return FIELDS[name](row);
  if (!PATH.test(name)) throw new Refusal(`the field ${name} was compared with nothing`, 2);
  return at(row, name);
}

/** `a.b[]` makes one row of each item, with the item in the list's place; `a[].b[]` one of each item of each. */
function flatten(rows, key) {
  if (!key) return rows;
  if (!/^(?:[a-zA-Z.]+\[\])+(?:\.[a-zA-Z]+\[\])*$/.test(key))
    throw new Refusal(`--flatten=${key}: keys that end in []`, 2);
  const parts = key.split('[]').slice(0, -1);
  return parts.reduce((all, _, i) => {
    const path = parts
      .slice(0, i + 1)
      .join('')
      .split('.');
    return all.flatMap(row => (at(row, path.join('.')) ?? []).map(item => put(row, path, item)));
  }, rows);
}

const put = (row, [key, ...rest], item) => ({
  ...row,
  [key]: rest.length === 0 ? item : put(row[key] ?? {}, rest, item),
});
