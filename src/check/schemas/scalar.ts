import type { YamlScalar } from '../../artifacts/yaml.ts';
import { isPlaceholder } from './fault.ts';
import { type Shape, TYPES } from './shape.ts';

/** How the reader of a file takes what stands in it. */
export interface Reader {
  /** YAML 1.1, where yes and on are booleans. */
  readonly oldBooleans?: boolean;
  /** Numbers and booleans may be written as strings. */
  readonly casts?: boolean;
  /** Any number or boolean may stand for a string. */
  readonly coerces?: boolean;
}

/** https://yaml.org/type/bool.html, as the parser of Kubernetes has it. */
const OLD_BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/;

/** The types that a scalar can be taken for. */
export function typesOf(node: YamlScalar, { oldBooleans, casts, coerces }: Reader): number {
  const { value } = node;
  const also = coerces ? TYPES.string : 0;
  if (typeof value === 'number')
    return also | (Number.isInteger(value) ? TYPES.integer | TYPES.number : TYPES.number);
  if (typeof value === 'boolean') return also | TYPES.boolean;
  if (oldBooleans && node.plain && OLD_BOOLEAN.test(node.source)) return TYPES.boolean;
  if (!casts) return TYPES.string;
  if (/^[+-]?\d{1,15}$/.test(node.source)) return TYPES.string | TYPES.integer | TYPES.number;
  return /^(?:true|false)$/i.test(node.source) ? TYPES.string | TYPES.boolean : TYPES.string;
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const QUANTITY = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
/** https://prometheus.io/docs/prometheus/latest/configuration/configuration/: from years to milliseconds, each at most once. */
const DURATION = /^(?:0|(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?)$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Longer texts are not matched with expressions that others wrote. */
const LONGEST = 300;
const EXPRESSIONS = new Map<string, RegExp | undefined>();

function expression(pattern: string): RegExp | undefined {
  if (!EXPRESSIONS.has(pattern)) {
    let compiled: RegExp | undefined;
    try {
      compiled = new RegExp(pattern, 'u');
    } catch {
      // What only Go's expressions know is not asked.
    }
    EXPRESSIONS.set(pattern, compiled);
  }
  return EXPRESSIONS.get(pattern);
}

export const matches = (pattern: string, text: string): boolean =>
  text.length > LONGEST || (expression(pattern)?.test(text) ?? true);

/** What is wrong with a scalar of the right type, behind its path. */
export function scalarFault(node: YamlScalar, shape: Shape): string | undefined {
  const { value, source } = node;
  if (source === '' || (typeof value === 'string' && isPlaceholder(source))) return undefined;
  if (shape.enum) return enumFault(node, shape.enum);
  if (typeof value === 'number') return rangeFault(value, shape);
  if (shape.format === 'quantity' && !QUANTITY.test(source))
    return `is ${quoted(source)}, no quantity such as 500m or 2Gi`;
  if (shape.format === 'duration' && !DURATION.test(source))
    return `is ${quoted(source)}, no duration such as 30s or 1h30m`;
  if (shape.format === 'base64') {
    // `base64 of the token` in a guide is for its reader.
    if (/\.(?:md|markdown)$/i.test(node.text.file) && /\S[ \t]+\S/.test(source)) return undefined;
    const compact = source.replace(/\s/g, '');
    return BASE64.test(compact) && compact.length % 4 === 0 ? undefined : 'is not base64';
  }
  if (shape.most !== undefined && source.length > shape.most)
    return `has ${source.length} characters; ${shape.most} at most`;
  return shape.pattern && !matches(shape.pattern, source)
    ? `is ${quoted(source)}, which does not match ${cut(shape.pattern, 80)}`
    : undefined;
}

function enumFault(node: YamlScalar, allowed: NonNullable<Shape['enum']>): string | undefined {
  if (allowed.some(each => each === node.value || String(each) === node.source)) return undefined;
  const known = allowed.length > 12 ? [...allowed.slice(0, 12), '...'] : allowed;
  return `is ${quoted(node.source)}, not ${alternatives(known.map(String))}`;
}

function rangeFault(value: number, { min, max }: Shape): string | undefined {
  if (min !== undefined && value < min) return `is ${value}; ${min} at least`;
  return max !== undefined && value > max ? `is ${value}; ${max} at most` : undefined;
}

export const quoted = (text: string): string => `"${cut(text.replace(/\s+/g, ' '), 60)}"`;

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}...` : text);

/** `a, b or c`. */
export const alternatives = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
