import { judged } from '../../src/check/check.ts';
import type { Member } from '../../src/check/context.ts';

/** The members that files make, as rules see them. */
export async function membersIn(files: Readonly<Record<string, string>>): Promise<readonly Member[]> {
  const raw = Object.entries(files).map(([path, content]) => ({ path, content, lossy: false, mode: 0o644 }));
  const { context } = await judged({ files: raw, unread: [], closed: true }, new Set(), {});
  return context.members;
}

/** The values of one kind of fact; of all members, or of those with a name, or that a document makes. */
export async function factsIn(
  files: Readonly<Record<string, string>>,
  kind: string,
  name?: string,
  document?: string,
): Promise<unknown[]> {
  const members = (await membersIn(files)).filter(
    member =>
      (name === undefined || member.name === name) &&
      (document === undefined || member.document.name === document),
  );
  return members.flatMap(member => member.facts.filter(fact => fact.kind === kind).map(fact => fact.value));
}
