import type { Document } from '../artifacts/document.ts';
import { nameOf, unwrapped, valueAt } from '../artifacts/shell/script.ts';
import type { Finding } from './rule.ts';

/** Names of what nothing works without: keys, passwords and addresses. */
export const CREDENTIAL =
  /(?:^|_)(?:API_?KEY|PASSWORD|PASSWD|SECRET|SECRET_KEY|TOKEN|ACCESS_KEY|PRIVATE_KEY|DSN|URL|URI)$/;

/** Programs that do not read the secrets of a service themselves. */
const PASSIVE =
  /^(?:docker|podman|echo|printf|cd|set|test|\[|sleep|curl|mkdir|git|gcloud|kubectl|true|exit|read|:)$/;

/** docker hands no variable on that its options do not name. */
export function notPassedOn({ body: { commands, assignments }, text }: Document<'shell'>): Finding[] {
  const exported = assignments.filter(each => each.exported && !each.temporary && CREDENTIAL.test(each.name));
  const all = exported.length === 0 ? [] : commands.map(unwrapped);
  const runs = all.filter(
    each =>
      /^(?:docker|podman)$/.test(nameOf(each)) &&
      valueAt(each, 1) === 'run' &&
      !mentions(each.words, '--env-file'),
  );
  const isCompose = all.some(each => valueAt(each, 1) === 'compose');
  const [run] = runs;
  if (!run || runs.length > 1 || isCompose || !all.every(each => PASSIVE.test(nameOf(each)))) return [];
  return exported
    .filter(({ name }) => !all.some(each => mentions(each.words, name)))
    .map(({ name, start }) => ({
      at: text.place(run.start),
      message: `${name} is exported, and docker run does not pass it on`,
      fix: `Pass it on by name: -e ${name}.`,
      related: [{ ...text.place(start), message: `${name} is exported here` }],
    }));
}

const mentions = (words: readonly { readonly raw: string }[], name: string): boolean =>
  words.some(word => word.raw.includes(name));
