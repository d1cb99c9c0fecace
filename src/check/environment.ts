import type { AnyDocument, Document } from '../artifacts/document.ts';
import { type AnyFact, type Component, type Fact, factsOf } from '../artifacts/fact.ts';
import { beside } from '../artifacts/text.ts';

/** Variables that come out of a component's env files, as far as the set holds these. */
export function withEnvFiles(
  component: Component,
  document: AnyDocument,
  set: readonly AnyDocument[],
): Component {
  const found = factsOf(component, 'env.file').flatMap(file => variables(file, document, set));
  if (found.length === 0) return component;
  // systemd.exec(5): EnvironmentFile= wins over Environment=; everywhere else what is written beside the file wins over it.
  const facts =
    component.platform === 'systemd' ? [...component.facts, ...found] : [...found, ...component.facts];
  return { ...component, facts };
}

function variables(
  { value: { path }, at }: Fact<'env.file'>,
  document: AnyDocument,
  set: readonly AnyDocument[],
): AnyFact[] {
  const file = envFileAt(path, document, set);
  return (file?.body ?? []).map(({ name, value, start }) => ({
    kind: 'env',
    value: value === undefined || isPlaceholder(value) ? { name } : { name, value },
    at: file?.text.place(start) ?? at,
    origin: 'explicit',
    note: name,
  }));
}

const isPlaceholder = (value: string): boolean =>
  value === '' || /^<.*>$|change-?me|your[-_]|^x{3,}$|todo/i.test(value);

/** Beside the artifact that names it; or, on a host, by its name alone; or the example that it is made from. */
export function envFileAt(
  path: string,
  document: AnyDocument,
  set: readonly AnyDocument[],
): Document<'env'> | undefined {
  const files = set.filter((each): each is Document<'env'> => each.kind === 'env');
  const wanted = [path, beside(document.name, path)].filter(each => each !== undefined);
  const own = files.find(each => wanted.includes(each.name));
  if (own) return own;
  const last = path.split('/').at(-1) ?? '';
  const named = files.filter(each => [last, `${last}.example`].includes(each.name.split('/').at(-1) ?? ''));
  // Several files of one name: which of them it becomes is only known on the host.
  return named.length === 1 && (path.startsWith('/') || named[0]?.name.endsWith('.example'))
    ? named[0]
    : undefined;
}
