// JSON Schema → shapes: the compact form that src/check/schemas reads, described there in shape.ts.

const MASKS = { string: 1, integer: 2, number: 4, boolean: 8, object: 16, array: 32, null: 0 };
const INTEGERS = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint16: [0, 65_535],
  uint32: [0, 2 ** 32 - 1],
};

/** Expressions of Kubernetes and of the Prometheus operator that have a name. */
const FORMATS = {
  '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$':
    'quantity',
  '^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$': 'duration',
};

/** Expressions that take exponential time in a backtracking engine, and what means the same without. */
const LINEAR = {
  '^[!-~]+([\\t ]?[!-~]+)*$': '^[!-~]+(?:[\\t ][!-~]+)*$',
  '^([0-9]+(ns|us|µs|ms|s|m|h)?)+$': '^(?=[0-9])(?:[0-9]+(?:ns|us|µs|ms|s|m|h))*[0-9]*$',
};

/** Shapes under numbers; `refer` says which schema a $ref means, and may change a schema before it is read. */
export function createPool({ resolve = () => undefined, prepare = schema => schema } = {}) {
  const shapes = [];
  const named = new Map();

  const add = shape => shapes.push(shape) - 1;

  function refer(name) {
    const known = named.get(name);
    if (known !== undefined) return known;
    const index = add({});
    named.set(name, index);
    shapes[index] = shapeOf(prepare(resolve(name), name));
    return index;
  }

  const put = schema => {
    if (schema?.$ref) return refer(schema.$ref);
    return add(shapeOf(prepare(schema)));
  };

  function shapeOf(given) {
    if (given === true || given === undefined) return {};
    if (given.$ref) return shapes[refer(given.$ref)];
    if (given.shape) return given.shape;
    if (given['x-kubernetes-int-or-string']) return { is: 3, ...limits(given) };
    const schema = given.allOf ? withAll(given) : given;
    return { ...limits(schema), ...parts(schema), ...choices(schema) };
  }

  function parts(schema) {
    const shape = {};
    const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
    const fields = Object.entries(schema.properties ?? {}).filter(([, each]) => each !== true);
    if (fields.length > 0) shape.fields = Object.fromEntries(fields.map(([name, each]) => [name, put(each)]));
    const patterns = Object.entries(schema.patternProperties ?? {});
    if (patterns.length > 0) shape.patterns = patterns.map(([name, each]) => [name, put(each)]);
    const { additionalProperties: rest, closed } = schema;
    if (rest && rest !== true) shape.rest = put(rest);
    else if (rest === false || (closed && !open && fields.length > 0)) shape.closed = true;
    for (const name of ['since', 'until']) if (schema[name]) shape[name] = schema[name];
    // What the server fills in nobody has to write.
    const required = (schema.required ?? []).filter(name => schema.properties?.[name]?.default === undefined);
    if (required.length > 0) shape.required = required;
    if (schema.items && !Array.isArray(schema.items)) shape.items = put(schema.items);
    return shape;
  }

  /** Alternatives that only say which keys there must be are lists of keys; the others are shapes. */
  function choices(schema) {
    const shape = {};
    const [one, any] = [schema.oneOf, schema.anyOf];
    if (one?.every(isKeys)) shape.one = one.map(each => each.required);
    else if (any?.every(isKeys)) shape.some = any.map(each => each.required);
    const alternatives = [one, any].filter(each => each && !each.some(isKeys) && !each.some(isCondition));
    if (alternatives.length === 1 && !shape.one) shape.any = alternatives[0].map(put);
    return shape;
  }

  /** All of them at once: what they say of keys is put together, and the whole is as closed as it says itself. */
  function withAll({ allOf, unevaluatedProperties, ...own }) {
    const all = [
      own,
      ...allOf.map(each => (each.$ref ? resolve(each.$ref) : each)).filter(each => !each.not),
    ];
    const result = Object.assign({}, ...all);
    for (const key of ['properties', 'patternProperties'])
      if (all.some(each => each[key])) result[key] = Object.assign({}, ...all.map(each => each[key] ?? {}));
    result.required = all.flatMap(each => each.required ?? []);
    if (unevaluatedProperties === false) result.additionalProperties = false;
    return result;
  }

  return { put, refer, shapes };
}

const isKeys = schema =>
  schema.required?.length > 0 && Object.values(schema.properties ?? {}).every(each => each === true);
const isCondition = schema => schema.not || (schema.properties && !schema.type && !schema.$ref);

/** What is said of a value by itself. */
function limits(schema) {
  const shape = {};
  const types = [schema.type ?? []].flat();
  const mask = types.reduce((sum, type) => sum | MASKS[type], 0);
  if (mask > 0 && types.length > 0) shape.is = mask;
  if (schema.enum) shape.enum = schema.enum.filter(each => each !== null);
  if (schema.const !== undefined) shape.enum = [schema.const];
  const [least, most] = INTEGERS[schema.format] ?? [];
  const min = schema.minimum ?? least;
  const max = schema.maximum ?? most;
  if (min !== undefined) shape.min = min;
  if (max !== undefined) shape.max = max;
  const shortest = schema.minLength ?? schema.minItems;
  const longest = schema.maxLength ?? schema.maxItems;
  if (shortest) shape.least = shortest;
  if (longest !== undefined) shape.most = longest;
  const format = FORMATS[schema.pattern] ?? (schema.format === 'byte' ? 'base64' : undefined);
  if (format) shape.format = format;
  else if (schema.pattern) shape.pattern = LINEAR[schema.pattern] ?? schema.pattern;
  return shape;
}

/** Equal shapes become one, those that no kind leads to go, and what is left is numbered anew. */
export function compacted(shapes, kinds) {
  let classes = shapes.map((_, i) => i);
  for (let before = Number.POSITIVE_INFINITY; ; ) {
    const first = new Map();
    classes = shapes.map((shape, i) => {
      const key = JSON.stringify(renumbered(shape, index => classes[index]));
      if (!first.has(key)) first.set(key, i);
      return first.get(key);
    });
    if (first.size === before) break;
    before = first.size;
  }
  const numbers = new Map();
  const result = [];
  const numberOf = index => {
    const own = classes[index];
    if (!numbers.has(own)) {
      numbers.set(own, result.push(null) - 1);
      result[numbers.get(own)] = renumbered(shapes[own], numberOf);
    }
    return numbers.get(own);
  };
  const named = Object.entries(kinds)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, [index, ...range]]) => [name, [numberOf(index), ...range]]);
  return { kinds: Object.fromEntries(named), shapes: result };
}

function renumbered(shape, numberOf) {
  const result = { ...shape };
  const pairs = list => list.map(([name, index]) => [name, numberOf(index)]);
  if (shape.fields) result.fields = Object.fromEntries(pairs(Object.entries(shape.fields)));
  if (shape.patterns) result.patterns = pairs(shape.patterns);
  if (shape.any) result.any = shape.any.map(numberOf);
  for (const name of ['rest', 'items']) if (shape[name] !== undefined) result[name] = numberOf(shape[name]);
  return result;
}
