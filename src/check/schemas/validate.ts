import { isNull, type YamlMap, type YamlNode } from '../../artifacts/yaml.ts';
import { nearest } from '../../config/nearest.ts';
import { type Fault, isPlaceholder, isUnfilled, written } from './fault.ts';
import { alternatives, matches, quoted, type Reader, scalarFault, typesOf } from './scalar.ts';
import { type Family, type Shape, TYPES } from './shape.ts';

interface Manner extends Reader {
  /** The minor version of Kubernetes that it is for; fields of any are good where absent. */
  readonly minor?: number | undefined;
  /** A part of something: what it lacks may stand elsewhere. */
  readonly partial?: boolean;
  /** The reader may know more than its schema: an unknown key is told where a known one is near. */
  readonly grows?: boolean;
  /** What the reference calls what a mapping holds. */
  readonly term?: 'field' | 'key';
  /** What values hold is not to be told. */
  readonly secret?: boolean;
}

interface Pass {
  readonly shapes: readonly Shape[];
  readonly manner: Manner;
  readonly path: (number | string)[];
  readonly faults: Fault[];
  /** It is only asked how many faults there are. */
  readonly quiet?: boolean;
}

/** What is wrong with a value by its shape. Nothing at all is as good as absent. */
export function faultsOf(family: Family, shape: number, node: YamlNode, manner: Manner = {}): Fault[] {
  const pass: Pass = { shapes: family.shapes, manner, path: [], faults: [] };
  visit(pass, shape, node);
  return pass.faults;
}

/** More than anybody mends at once: the rest of a value is not gone through. */
const MOST = 100;

const complain = (pass: Pass, at: YamlNode, what: string): void => {
  pass.faults.push({ at, message: pass.quiet ? '' : `${written(pass.path) || 'it'} ${what}` });
};

function visit(pass: Pass, index: number, node: YamlNode): void {
  const shape = pass.shapes[index];
  if (!shape || isNull(node) || pass.faults.length >= MOST) return;
  if (!isOfType(pass, shape, node)) {
    wrongType(pass, shape, node);
    return;
  }
  if (shape.any) alternative(pass, shape.any, node);
  if (node.kind === 'map') visitMap(pass, shape, node);
  else if (node.kind === 'list') visitList(pass, shape, node);
  else {
    const fault = scalarFault(node, shape);
    if (fault)
      complain(pass, node, pass.manner.secret && fault.includes(node.source) ? 'has no valid value' : fault);
  }
}

function maskOf(pass: Pass, node: YamlNode): number {
  if (node.kind === 'map') return TYPES.map;
  return node.kind === 'list' ? TYPES.list : typesOf(node, pass.manner);
}

const isOfType = (pass: Pass, { is }: Shape, node: YamlNode): boolean =>
  is === undefined || (is & maskOf(pass, node)) !== 0;

const WORDS: readonly (readonly [number, string])[] = [
  [TYPES.string, 'a string'],
  [TYPES.integer, 'an integer'],
  [TYPES.number, 'a number'],
  [TYPES.boolean, 'true or false'],
  [TYPES.map, 'a mapping'],
  [TYPES.list, 'a list'],
];

const expected = (mask: number): string =>
  alternatives(
    WORDS.flatMap(([type, word]) =>
      (mask & type) === 0 || (type === TYPES.integer && (mask & TYPES.number) !== 0) ? [] : [word],
    ),
  );

function wrongType(pass: Pass, { is = 0 }: Shape, node: YamlNode): void {
  if (isUnfilled(node)) return;
  complain(pass, node, `is ${found(pass, node)}, not ${expected(is)}`);
}

/** Values of variables are often secrets. */
function found(pass: Pass, node: YamlNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a mapping' : 'a list';
  const mask = typesOf(node, { ...pass.manner, casts: false, coerces: false });
  const type = mask & TYPES.string ? 'string' : mask & TYPES.boolean ? 'boolean' : 'number';
  const hidden = pass.manner.secret || pass.path.at(-1) === 'value';
  return hidden ? `a ${type}` : `the ${type} ${type === 'string' ? quoted(node.source) : node.source}`;
}

function visitList(pass: Pass, shape: Shape, node: YamlNode & { kind: 'list' }): void {
  const { items, least, most } = shape;
  const count = node.items.length;
  if (least !== undefined && count < least) complain(pass, node, `has ${count} items; ${least} at least`);
  if (most !== undefined && count > most) complain(pass, node, `has ${count} items; ${most} at most`);
  if (items === undefined) return;
  node.items.forEach((item, i) => {
    pass.path.push(i);
    visit(pass, items, item);
    pass.path.pop();
  });
}

function visitMap(pass: Pass, shape: Shape, node: YamlMap): void {
  const lacks = pass.manner.partial ? undefined : lackOf(shape, node);
  let told = false;
  for (const [name, { key, value }] of node.entries) {
    const below = belowOf(shape, name);
    if (below !== undefined) {
      if (shape.since || shape.until) versionFault(pass, shape, name, key);
      pass.path.push(name);
      visit(pass, below, value);
      pass.path.pop();
    } else if (shape.closed && !isPlaceholder(name)) {
      // What is absent is often there under a wrong name.
      unknownField(pass, shape, key, name, told ? undefined : lacks);
      told = true;
    }
  }
  if (lacks && !told) complain(pass, node, lacks);
}

function belowOf(shape: Shape, name: string): number | undefined {
  if (shape.fields && Object.hasOwn(shape.fields, name)) return shape.fields[name];
  return shape.patterns?.find(([pattern]) => matches(pattern, name))?.[1] ?? shape.rest;
}

function unknownField(pass: Pass, shape: Shape, key: YamlNode, name: string, lacks?: string): void {
  if (pass.faults.length >= MOST) return;
  if (pass.quiet) {
    pass.faults.push({ at: key, message: '' });
    return;
  }
  const near = nearest(name, Object.keys(shape.fields ?? {}));
  if (pass.manner.grows && !near) return;
  const where = pass.path.length === 0 ? '' : ` in ${written(pass.path)}`;
  const more = lacks ? `${pass.path.length === 0 ? '; it' : ', which'} ${lacks}` : '';
  const message = `no ${pass.manner.term ?? 'field'} ${name} is known${where}${more}${near ? ` (${near}?)` : ''}`;
  pass.faults.push({ at: key, message });
}

function versionFault(pass: Pass, { since, until }: Shape, name: string, key: YamlNode): void {
  const { minor } = pass.manner;
  if (minor === undefined) return;
  const [first, last] = [since?.[name], until?.[name]];
  const field = written([...pass.path, name]);
  if (first !== undefined && minor < first)
    pass.faults.push({
      at: key,
      message: `${field} came with Kubernetes 1.${first}, the target is 1.${minor}`,
    });
  if (last !== undefined && minor > last)
    pass.faults.push({ at: key, message: `${field} was removed in Kubernetes 1.${last + 1}` });
}

/** What a mapping has too little or too much of, behind its name. */
function lackOf({ required, one, some }: Shape, node: YamlMap): string | undefined {
  const has = (name: string) => {
    const entry = node.entries.get(name);
    return entry !== undefined && !isNull(entry.value);
  };
  const missing = required?.filter(name => !has(name)) ?? [];
  if (missing.length > 0) return `lacks ${missing.join(' and ')}`;
  const whole = (keys: readonly string[]) => keys.every(has);
  const present = one?.filter(whole) ?? [];
  if (present.length > 1) return `has ${present.map(keys => keys[0]).join(' and ')}; one of them at most`;
  const lists = one && present.length === 0 ? one : some && !some.some(whole) ? some : undefined;
  return lists && `lacks ${alternatives(lists.map(keys => keys.join(' with ')))}`;
}

/** Of the alternatives that a value can be by its type, the one that it fails least; none if it is one of them. */
function alternative(pass: Pass, indices: readonly number[], node: YamlNode): void {
  const fitting = indices.filter(index => fits(pass, index, node));
  if (fitting.length === 0) {
    const is = indices.reduce((mask, index) => mask | typesBelow(pass, index), 0);
    wrongType(pass, { is }, node);
    return;
  }
  let best: { index: number; faults: readonly Fault[] } | undefined;
  for (const index of fitting) {
    const attempt: Pass = { ...pass, faults: [], quiet: true };
    visit(attempt, index, node);
    const { faults } = attempt;
    if (faults.length === 0) return;
    if (!best || weight(faults, node) < weight(best.faults, node)) best = { index, faults };
  }
  if (best && pass.quiet) pass.faults.push(...best.faults);
  else if (best) visit(pass, best.index, node);
}

/** The keys of a value tell what it is meant to be, more than what stands below them. */
const weight = (faults: readonly Fault[], node: YamlNode): number =>
  faults.reduce((sum, { at }) => sum + (at === node || isKeyOf(node, at) ? 1_000 : 1), 0);

const isKeyOf = (node: YamlNode, at: YamlNode): boolean =>
  node.kind === 'map' && at.kind === 'scalar' && node.entries.get(at.source)?.key === at;

function fits(pass: Pass, index: number, node: YamlNode): boolean {
  const shape = pass.shapes[index];
  if (!shape) return true;
  return isOfType(pass, shape, node) && (!shape.any || shape.any.some(below => fits(pass, below, node)));
}

function typesBelow(pass: Pass, index: number): number {
  const { is, any } = pass.shapes[index] ?? {};
  if (is !== undefined) return is;
  return any?.reduce((mask, below) => mask | typesBelow(pass, below), 0) ?? 0;
}
