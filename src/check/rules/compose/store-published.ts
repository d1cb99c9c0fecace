import { factOf, factsOf } from '../../../artifacts/fact.ts';
import { shortName } from '../../../artifacts/image.ts';
import { LOOPBACK } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { onLoopback } from '../../published.ts';
import type { Finding, Rule } from '../../rule.ts';
import { isStore } from '../../stores.ts';
import { cited } from '../../words.ts';

export const storePublished: Rule = {
  id: 'compose/store-published',
  severity: 'error',
  title: 'a data store or model server that is published on every address',
  why: 'Docker opens a published port before the rules of ufw, so the database or model answers the whole network; many of them ask for no password.',
  fix: 'Leave the port out where only other containers need it, or publish it at 127.0.0.1 alone.',
  fixable: 'safe',
  example: { bad: 'ports: ["5432:5432"]', good: 'ports: ["127.0.0.1:5432:5432"]' },
  check: ({ members, texts }) => members.flatMap(member => findingsOf(member, texts)),
};

function findingsOf(member: Member, texts: Context['texts']): Finding[] {
  const image = factOf(member, 'image');
  if (member.form !== 'container' || !/^(?:compose|docker)$/.test(member.platform)) return [];
  if (!image || !isStore(shortName(image.value))) return [];
  return factsOf(member, 'port.published').flatMap(({ value, at }): Finding[] => {
    if (
      value.host !== undefined &&
      (LOOPBACK.test(value.host) || !/^(?:0\.0\.0\.0|\[?::\]?)$/.test(value.host))
    )
      return [];
    const message = `${member.name} (${shortName(image.value)}) is published on port ${value.port} of every address`;
    const edits = onLoopback(texts.get(at.file), at, value.port);
    return [{ at, message, related: [cited(image, image.value.raw)], edits }];
  });
}
