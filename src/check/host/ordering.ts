import { factsOf } from '../../artifacts/fact.ts';
import type { Edit } from '../../artifacts/text.ts';
import { isRemoteHost } from '../remote.ts';
import type { Finding } from '../rule.ts';
import { appended, type HostUnit, type Setting, settingsOf, wordsOf } from './units.ts';

const ONLINE = 'network-online.target';
/** Units of a database on the same host, and the schemes by which it is reached. */
const DATABASES: readonly (readonly [unit: RegExp, scheme: RegExp])[] = [
  [/^postgresql(?:@[\w-]+)?\.service$/, /^postgres(?:ql)?(?:\+\w+)?:\/\//i],
  [/^(?:mysql|mysqld|mariadb)\.service$/, /^(?:mysql|mariadb)(?:\+\w+)?:\/\//i],
  [/^redis(?:-server)?(?:@[\w-]+)?\.service$/, /^rediss?:\/\//i],
  [/^mongod?\.service$/, /^mongodb(?:\+srv)?:\/\//i],
];

interface Remote {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly at: Finding['at'];
}

/** URLs in its variables that lead to another host. */
const remotesOf = ({ member }: HostUnit): readonly Remote[] =>
  factsOf(member, 'env').flatMap(({ value: { name, value }, at }) => {
    const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^:/?#]+)/i.exec(value ?? '')?.[1];
    return value && host && isRemoteHost(host) ? [{ name, value, host, at }] : [];
  });

export function localDatabase(unit: HostUnit): Finding[] {
  const remotes = remotesOf(unit);
  if (remotes.length === 0) return [];
  const local = factsOf(unit.member, 'env').map(({ value }) => value.value ?? '');
  return ['After', 'Requires', 'Wants', 'BindsTo'].flatMap(key =>
    settingsOf(unit, 'Unit', key).flatMap(entry =>
      entry.value.split(/\s+/).flatMap((word): Finding[] => {
        const scheme = DATABASES.find(([name]) => name.test(word))?.[1];
        const remote = remotes.find(({ value }) => scheme?.test(value));
        const others = local.filter(value => scheme?.test(value));
        if (!scheme || !remote || others.some(value => !remotes.some(each => each.value === value)))
          return [];
        return [
          {
            at: entry.at,
            message: `${key}=${word}, but the database of ${unit.member.name} is on ${remote.host}`,
            related: [{ ...remote.at, message: `${remote.name} leads to ${remote.host}` }],
            edits: [without(entry, word)],
          },
        ];
      }),
    ),
  );
}

/** The whole line where the word is all that it says. */
function without(entry: Setting, word: string): Edit {
  const { text } = entry.document;
  const line = text.content.slice(entry.start, entry.end);
  if (entry.value === word) {
    const end = text.content[entry.end] === '\n' ? entry.end + 1 : entry.end;
    return text.edit(entry.start, end, '');
  }
  const found = line.search(new RegExp(`(?<![\\w@.-])${word.replace(/[.@]/g, '\\$&')}(?![\\w@.-])`));
  const after = /^\s+/.exec(line.slice(found + word.length))?.[0].length ?? 0;
  const before = after > 0 ? 0 : (/\s+$/.exec(line.slice(0, found))?.[0].length ?? 0);
  return text.edit(entry.start + found - before, entry.start + found + word.length + after, '');
}

/** After alone orders a target that nobody starts; Wants alone starts it and does not wait. */
export function beforeNetwork(unit: HostUnit): Finding[] {
  const after = wordsOf(unit, 'Unit', 'After').includes(ONLINE);
  const wanted = ['Wants', 'Requires', 'BindsTo'].some(key => wordsOf(unit, 'Unit', key).includes(ONLINE));
  if ((after && wanted) || !unit.member.longRunning) return [];
  const remote = remotesOf(unit)[0];
  if (!after && !wanted && !remote) return [];
  const said = after
    ? `is ordered after ${ONLINE}, which nothing starts for it`
    : wanted
      ? `wants ${ONLINE} and does not wait for it`
      : `uses ${remote?.host} and does not wait for ${ONLINE}`;
  const lines = [...(wanted ? [] : [`Wants=${ONLINE}`]), ...(after ? [] : [`After=${ONLINE}`])];
  return [
    {
      at: unit.member.at,
      severity: 'info',
      message: `${unit.member.name} ${said}`,
      ...(remote && !after && !wanted
        ? { related: [{ ...remote.at, message: `${remote.name} leads to ${remote.host}` }] }
        : {}),
      edits: appended(unit, 'Unit', lines),
    },
  ];
}
