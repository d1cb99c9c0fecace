import { goBuild } from '../../../artifacts/dockerfile/golang.ts';
import { type Fact, factOf, factsOf } from '../../../artifacts/fact.ts';
import { goMemory } from '../../../artifacts/quantities.ts';
import type { Context, Member } from '../../context.ts';
import { variableAdded } from '../../edits/environment.ts';
import { membersOf } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, size } from '../../words.ts';

export const goRuntime: Rule = {
  id: 'cross/go-runtime',
  severity: ['error', 'warning'],
  title: 'a Go program that does not know how much memory or CPU it has',
  why: 'Go collects garbage by the growth of its heap and not by the limit of its container: under load it is killed for memory that it could have freed. A GOMEMLIMIT above the limit holds nothing back, and one that Go cannot read ends the program as it starts. Before 1.25 it also starts a thread for each CPU of the machine, and is throttled.',
  fix: 'Set GOMEMLIMIT to about 80 % of the memory limit, in bytes or with B, KiB, MiB or GiB, and before Go 1.25 GOMAXPROCS to the CPU limit rounded up.',
  fixable: 'safe',
  example: { bad: 'mem_limit: 512m', good: 'mem_limit: 512m\nenvironment: {GOMEMLIMIT: 410MiB}' },
  check: context =>
    context.members
      .filter(member => member.form !== 'image' && member.longRunning)
      .flatMap(member => findingsOf(context, member)),
};

function findingsOf(context: Context, member: Member): Finding[] {
  const [memory, cpu] = [factOf(member, 'memory.limit'), factOf(member, 'cpu.limit')];
  const go = goOf(context, member);
  if (!go || (!memory && !cpu)) return [];
  const given = (name: string) =>
    [...go.images, member].flatMap(each => factsOf(each, 'env')).findLast(fact => fact.value.name === name);
  // What a ConfigMap holds that is not here may be just that.
  const unseen = factsOf(member, 'env.unseen').some(fact => fact.value.from === '');
  const missing = (
    limit: Fact<'cpu.limit' | 'memory.limit'> | undefined,
    name: string,
    what: string,
    value: string,
  ): Finding[] =>
    limit && !unseen && !given(name)
      ? [
          {
            at: limit.at,
            severity: 'warning',
            message: `${member.name} is a Go program ${what} and no ${name}`,
            related: go.images.map(image => ({
              ...image.at,
              message: `built with Go ${go.version ?? ''}`.trim(),
            })),
            edits: variableAdded(context, member, name, value),
          },
        ]
      : [];
  return [
    ...misjudged(member, memory, given('GOMEMLIMIT')),
    ...missing(
      memory,
      'GOMEMLIMIT',
      `with a limit of ${size(memory?.value ?? 0)}`,
      share(memory?.value ?? 0),
    ),
    ...(go.version !== undefined && before125(go.version)
      ? missing(
          cpu,
          'GOMAXPROCS',
          `of before 1.25 with a CPU limit`,
          String(Math.ceil((cpu?.value ?? 0) / 1_000)),
        )
      : []),
  ];
}

/** https://pkg.go.dev/runtime#hdr-Environment_Variables: anything but bytes, these units and `off` is fatal. */
function misjudged(
  member: Member,
  limit: Fact<'memory.limit'> | undefined,
  set: Fact<'env'> | undefined,
): Finding[] {
  const value = set?.value.value;
  if (!set || !value || value === 'off' || /[$<{%]/.test(value)) return [];
  const memory = goMemory(value);
  if (memory === undefined) {
    const message = `${member.name} is given GOMEMLIMIT=${value}, which Go does not read: it ends at once`;
    return [{ at: set.at, severity: 'error', message }];
  }
  if (!limit || memory <= limit.value) return [];
  const message = `GOMEMLIMIT of ${member.name} is ${size(memory)}, above its memory limit of ${size(limit.value)}`;
  return [{ at: set.at, severity: 'warning', message, related: [cited(limit)] }];
}

/** What Go may fill before it collects: the rest is for what it does not count. */
const share = (bytes: number): string => `${Math.floor((bytes * 0.8) / 2 ** 20)}MiB`;

const before125 = (version: string): boolean => {
  const [major = 1, minor = 99] = version.split('.').map(Number);
  return major === 1 && minor < 25;
};

/** The images of its service that are built with Go, and by which version. */
function goOf(context: Context, member: Member) {
  const built = membersOf(context, member).flatMap(image => {
    const go = image.form === 'image' && image.document.kind === 'dockerfile' && goBuild(image.document.body);
    return go ? [{ image, version: go.version }] : [];
  });
  const [first] = built;
  return first && { images: built.map(each => each.image), version: first.version };
}
