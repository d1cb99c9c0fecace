import { readFile, stat } from 'node:fs/promises';
import { parseDocument } from 'yaml';

export const LISTS = ['environments', 'services'] as const;
export type List = (typeof LISTS)[number];

const LARGEST = 1024 * 1024;
/** A shell may expand what a completion offers, so nothing is offered that it could. */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The keys of a section of aideploy.yaml. Half-written files have names too, so nothing is checked. */
export async function namesIn(file: string, list: List): Promise<string[]> {
  try {
    if ((await stat(file)).size > LARGEST) return [];
    const document = parseDocument(await readFile(file, 'utf8'), { logLevel: 'silent', prettyErrors: false });
    const section = (document.toJS({ maxAliasCount: 100 }) as Record<string, unknown> | null)?.[list];
    const names = typeof section === 'object' && section !== null ? Object.keys(section) : [];
    return names.filter(name => HARMLESS.test(name));
  } catch {
    // Whoever asks is in the middle of typing: there is nobody to tell.
    return [];
  }
}
