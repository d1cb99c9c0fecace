/**
 * What stands between the double quotes of a `NAME="…"` of an EnvironmentFile: there a backslash takes away the meaning
 * of the four characters that a shell would care for, and line ends are part of the value.
 * https://www.freedesktop.org/software/systemd/man/252/systemd.exec.html#EnvironmentFile=
 */
export const environmentFileText = (text: string): string => text.replaceAll(/["\\`$]/g, '\\$&');
