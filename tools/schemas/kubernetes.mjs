// Kubernetes' own kinds: one shape for each type over all minor versions, with what came and went.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './sources.mjs';

export const FIRST = 30;
export const LAST = 36;
const REFERENCE = /^.*#\/\$defs\//;
/** Nobody applies them: answers, requests and lists. */
const NEVER_APPLIED =
  /(?:List|Review|Options|Request|Status|Event|Eviction|Binding|Scale|APIGroup|APIVersions|ComponentStatus|PodGroupRequest)$/;
const APPLIED = /^(?:Cluster)?RoleBinding$|PolicyBinding$/;

const SPECIAL = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { shape: { is: 5, format: 'quantity' } },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { shape: { is: 3 } },
};

/** Schemas by name; those of a type in several minors are one, whose fields say since when and until when. */
export function kubernetesDefinitions(folder, enums) {
  const minors = new Map();
  for (let minor = FIRST; minor <= LAST; minor++)
    minors.set(minor, readJson(join(folder, `v1.${minor}.0-local-strict/_definitions.json`)).$defs);
  const names = new Set([...minors.values()].flatMap(Object.keys));
  const definitions = new Map();
  for (const name of names) {
    const found = [...minors].flatMap(([minor, all]) => (all[name] ? [{ minor, schema: all[name] }] : []));
    definitions.set(name, SPECIAL[name] ?? merged(name, found, enums));
  }
  return definitions;
}

function merged(name, found, enums) {
  const [{ minor: first }, { minor: last, schema: newest }] = [found[0], found.at(-1)];
  const closed = newest.additionalProperties === false && newest.properties !== undefined;
  const properties = {};
  const [since, until] = [{}, {}];
  for (const { minor, schema } of found)
    for (const [field, each] of Object.entries(schema.properties ?? {})) {
      if (minor > first && !(field in properties)) since[field] = minor;
      properties[field] = withEnum(each, enums.get(`${name}.${field}`));
      if (minor < last && !found.find(other => other.minor === minor + 1)?.schema.properties?.[field])
        until[field] = minor;
      else delete until[field];
    }
  const required = (newest.required ?? []).filter(field =>
    found.every(({ schema }) => schema.required?.includes(field)),
  );
  const { additionalProperties, ...rest } = newest;
  return {
    ...rest,
    ...(closed ? { closed, properties } : {}),
    ...(additionalProperties ? { additionalProperties } : {}),
    ...(Object.keys(since).length > 0 ? { since } : {}),
    ...(Object.keys(until).length > 0 ? { until } : {}),
    required,
    range: [first, last],
  };
}

function withEnum(schema, values) {
  if (!values) return schema;
  return schema.items ? { ...schema, items: { ...schema.items, enum: values } } : { ...schema, enum: values };
}

export const nameOf = reference => reference.replace(REFERENCE, '');

/** `apps/v1 Deployment` → the name of its type, and the minors that know it where not all do. */
export function kubernetesKinds(definitions) {
  const kinds = {};
  for (const [name, { 'x-kubernetes-group-version-kind': known = [], range }] of definitions)
    for (const { group, version, kind } of known) {
      if (known.length > 1 || (NEVER_APPLIED.test(kind) && !APPLIED.test(kind))) continue;
      const [first, last] = range;
      kinds[`${group ? `${group}/` : ''}${version} ${kind}`] = {
        name,
        range: first === FIRST && last === LAST ? [] : [first, last],
      };
    }
  return kinds;
}

/** Values of the types that k8s.io/api marks `+enum`, by `<type>.<field>`: the published schemas leave them out. */
export function kubernetesEnums(folder) {
  const types = new Map();
  const structures = [];
  for (const path of packagesIn(folder)) {
    const source = readFileSync(join(folder, path, 'types.go'), 'utf8');
    const own = path === 'core/v1' ? ['v1.', 'corev1.', 'api.'] : [];
    for (const [type, values] of enumsIn(source))
      for (const prefix of [`${path} `, ...own]) types.set(`${prefix}${type}`, values);
    structures.push({ path, source });
  }
  const result = new Map();
  for (const { path, source } of structures)
    for (const { structure, field, type } of fieldsIn(source)) {
      const values = types.get(type.includes('.') ? type : `${path} ${type}`);
      if (values) result.set(`io.k8s.api.${path.replace('/', '.')}.${structure}.${field}`, values);
    }
  return result;
}

const packagesIn = folder =>
  readdirSync(folder, { recursive: true })
    .filter(name => /^[a-z]+\/v\d\w*\/types\.go$/.test(name))
    .map(name => name.slice(0, -'/types.go'.length))
    .sort();

function enumsIn(source) {
  const marked = [...source.matchAll(/^\/\/ \+enum\n(?:\/\/.*\n)*type (\w+) string$/gm)].map(
    ([, type]) => type,
  );
  return (
    marked
      .map(type => {
        const typed = new RegExp(
          `^(?:const )?\\s*\\w+\\s+(?:${type}\\s+= |= ${type}\\()(.*?)\\)?(?: //.*)?$`,
          'gm',
        );
        return [type, [...source.matchAll(typed)].map(([, value]) => /^"([^"]*)"$/.exec(value)?.[1])];
      })
      // Some are named by constants of other packages.
      .filter(([, values]) => values.length > 0 && !values.includes(undefined))
      .map(([type, values]) => [type, values.filter(value => value !== '')])
  );
}

function fieldsIn(source) {
  return [...source.matchAll(/^type (\w+) struct \{\n([\s\S]*?)^\}/gm)].flatMap(([, structure, body]) =>
    [...body.matchAll(/^\t\w+\s+(?:\[\]|\*)*([\w.]+)\s+`[^`]*json:"(\w+)/gm)].map(([, type, field]) => ({
      structure,
      field,
      type,
    })),
  );
}
