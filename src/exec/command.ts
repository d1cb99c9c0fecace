/** A program to run, as a plain value: it can be shown, compared and asserted before anything happens. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  /** Values that are never shown, wherever in the command they stand. */
  readonly secrets?: readonly string[];
}

export const command = (program: string, ...args: string[]): Command => ({ program, args });

const REDACTED = '***';
const PLAIN = /^[A-Za-z0-9_./:@%+,-][A-Za-z0-9_./:@%+,=-]*$/;
const CONTROL = /\p{Cc}/u;

/** The command as a line that a person can paste into a POSIX shell, if nothing in it is secret. */
export function shellLine(command: Command): string {
  const show = (text: string) => shellWord(redact(text, command.secrets));
  const variables = Object.entries(command.env ?? {}).map(([name, value]) => `${name}=${show(value)}`);
  const program = show(command.program);
  // A first word with `=` would be read as an assignment.
  const first = PLAIN.test(program) && program.includes('=') ? quote(program) : program;
  const words = [first, ...command.args.map(show)];
  const line = [...variables, ...words].join(' ');
  const placed = command.cwd === undefined ? line : `(cd ${show(command.cwd)} && ${line})`;
  return command.stdin === undefined ? placed : `${placed}  # with ${sizeOf(command.stdin)} on its input`;
}

/** A program's output or message without the secrets that it may repeat. */
export function redact(text: string, secrets: readonly string[] = []): string {
  // The longest first, so that a secret that holds another one goes whole.
  const known = secrets.filter(secret => secret !== '').sort((a, b) => b.length - a.length);
  return known.reduce((shown, secret) => shown.replaceAll(secret, REDACTED), text);
}

function shellWord(text: string): string {
  if (PLAIN.test(text)) return text;
  return CONTROL.test(text) ? ansiQuote(text) : quote(text);
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** Control characters are spelt, so that a line stays one line and a terminal obeys nothing. */
function ansiQuote(text: string): string {
  const escaped = text
    .replaceAll(/[\\']/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replaceAll(/\p{Cc}/gu, control =>
      Buffer.from(control).reduce((octal, byte) => `${octal}\\${byte.toString(8).padStart(3, '0')}`, ''),
    );
  return `$'${escaped}'`;
}

function sizeOf(stdin: string | Uint8Array): string {
  const bytes = Buffer.byteLength(stdin);
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}
