import type { YamlNode } from '../../artifacts/yaml.ts';

/** What is wrong with a value of an artifact. */
export interface Fault {
  readonly at: YamlNode;
  readonly message: string;
}

export type Path = readonly (number | string)[];

/** `spec.containers[0].image`. */
export const written = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const name = /^[\w$-]+$/.test(step) ? step : `"${step}"`;
    return text === '' ? name : `${text}.${name}`;
  }, '');

/** What something will fill in before anybody reads the value: envsubst, a template, a reader of the guide. */
export const isPlaceholder = (text: string): boolean =>
  /^(?:\.\.\.|…)$|\$[({A-Za-z_]|\{\{|<[^<>]{0,100}>|%[({]|@[A-Z_]{1,50}@|\{[A-Z][A-Z0-9_]{0,50}\}|__[A-Z_]{1,50}__/.test(
    text.slice(0, 1_000),
  );

/** `{{ name }}` without quotes is a mapping to a reader of YAML. */
export const isUnfilled = (node: YamlNode): boolean =>
  node.kind === 'scalar'
    ? isPlaceholder(node.source)
    : node.kind === 'map' && node.text.content.startsWith('{{', node.start);
