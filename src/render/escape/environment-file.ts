import { checkCharacters } from './systemd.ts';

/** Nothing in it means anything to systemd's reader of environment files. */
const PLAIN = /^[A-Za-z0-9_./:@%+,=-]*$/;

/**
 * The value behind a `NAME=` of an EnvironmentFile. Between double quotes a backslash takes away the meaning of
 * the four characters that a shell would care for, and line ends are part of the value.
 * https://www.freedesktop.org/software/systemd/man/252/systemd.exec.html#EnvironmentFile=
 */
export function environmentFileValue(text: string): string {
  checkCharacters(text, 'environment-file');
  return PLAIN.test(text) ? text : `"${environmentFileInner(text)}"`;
}

/** The same, to stand between double quotes that are written already. */
export const environmentFileInner = (text: string): string => text.replaceAll(/["\\`$]/g, '\\$&');
