import { difference, type Guide, type Need, type Step } from './guide.ts';
import { openSession, type Programs, type Session } from './session.ts';

export interface Surroundings {
  /** Which sections are done; the others are left out. */
  readonly needs?: readonly Need[];
  readonly env?: NodeJS.ProcessEnv;
  readonly programs?: Programs;
  /** Words of the guide that are others here, such as the name of a host. */
  readonly words?: Readonly<Record<string, string>>;
}

/** Does what a guide says, and answers with what is not as it says; with `told` as all that was seen. */
export async function follow(guide: Guide, here: Surroundings = {}): Promise<string[]> {
  const steps = guide.steps.filter(({ needs }) => !needs || here.needs?.includes(needs));
  const session = await openSession(here.env, here.programs);
  try {
    for (const [index, step] of steps.entries()) {
      const complaint = await done(step, steps[index + 1], session, here.words ?? {});
      if (complaint !== undefined) return [`docs/guides/${guide.name}.md:${step.line}: ${complaint}`];
    }
    return [];
  } finally {
    await session.end();
  }
}

async function done(
  step: Step,
  next: Step | undefined,
  session: Session,
  words: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const there = Object.entries(words);
  const here = (text: string) => there.reduce((all, [ours, theirs]) => all.replaceAll(ours, theirs), text);
  if (step.kind === 'edit') {
    await session.edit(here(step.diff));
    return undefined;
  }
  const { status, lines } = await session.type(here(step.command));
  const seen = lines.map(line => there.reduce((text, [ours, theirs]) => text.replaceAll(theirs, ours), line));
  const all = `\n$ ${step.command}\n${seen.join('\n')}`;
  // A command that fails is shown with its status, which a reader sees in no other way.
  const asked = next?.kind === 'typed' && next.command === 'echo $?';
  if (status !== 0 && !asked) return `ended with ${status}${all}`;
  const found = difference(step.shown, seen);
  return found === undefined ? undefined : `${found}${all}`;
}
