/** Modules are loaded once for several files of tests: a helper cannot ask for the end of each by a hook of its own. */
const ends: (() => unknown)[] = [];

/** Done when the file of tests that runs now is. */
export const atEnd = (end: () => unknown): void => void ends.push(end);

/** What was begun last ends first. */
export async function cleanUp(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}
