import { type Edit, offsetOf, type Place, type Text } from '../artifacts/text.ts';

interface Mode {
  readonly names: RegExp;
  readonly values: RegExp;
  readonly what: string;
  readonly instead: string;
}

const MODES: readonly Mode[] = [
  {
    names: /^(?:DEBUG|(?:FLASK|DJANGO|APP|FASTAPI|UVICORN|QUART)_DEBUG|PYTHONASYNCIODEBUG)$/,
    values: /^(?:1|true|yes|on)$/i,
    what: 'debug mode',
    instead: 'false',
  },
  {
    names: /^(?:NODE|FLASK|APP|GO|RAILS|RACK|ASPNETCORE|DOTNET)_(?:ENV|ENVIRONMENT)$/,
    values: /^(?:dev|development|local)$/i,
    what: 'development mode',
    instead: 'production',
  },
  { names: /^GIN_MODE$/, values: /^debug$/, what: 'debug mode', instead: 'release' },
  {
    names: /^(?:[A-Z]{1,20}_){0,3}LOG_?LEVEL$/,
    values: /^(?:debug|trace)$/i,
    what: 'a debug log',
    instead: 'info',
  },
  {
    names: /^(?:UVICORN_|GUNICORN_|APP_)?RELOAD$/,
    values: /^(?:1|true|yes|on)$/i,
    what: 'it restarts at every written file',
    instead: 'false',
  },
];

/** What a variable turns on that is for development, and the value in its place. */
export const developmentVariable = (
  name: string,
  value: string,
): Pick<Mode, 'instead' | 'what'> | undefined =>
  MODES.find(mode => mode.names.test(name) && mode.values.test(value));

const FLAGS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/(?:^|\s)--reload(?=\s|$)/, 'it restarts at every written file'],
  [
    /\bflask\s(?:.{0,80}\s)?run\b.{0,80}\s--debug(?=\s|$)|\bflask\s--debug\s/,
    'a console for whoever causes an error',
  ],
  [/\bflask\s+(?:--app\s+\S+\s+)?run\b/, 'a server for development'],
  [/\bfastapi\s+dev\b|\bmanage\.py\s+runserver\b|\b(?:next|vite|nuxt)\s+dev\b/, 'a server for development'],
  [/\b(?:npm|pnpm|yarn)\s+(?:run\s+)?dev\b|\b(?:nodemon|ts-node-dev)\b/, 'a server for development'],
  [/(?:^|\s)--inspect(?:-brk)?(?:=\S{1,40})?(?=\s|$)|-m\s+debugpy\b/, 'a debugger listens'],
];

/** What of a command is for development, once each. */
export function developmentFlags(command: string): readonly { flag: string; what: string }[] {
  const found = FLAGS.flatMap(([pattern, what]) => {
    const flag = pattern.exec(command)?.[0].trim();
    return flag ? [{ flag, what }] : [];
  });
  return found.filter(({ flag }, i) => !found.slice(0, i).some(each => each.flag.startsWith(flag)));
}

/** `NAME=value`, `NAME: value`, and Kubernetes' `name:` with the `value:` below. */
export function replaced(
  text: Text | undefined,
  at: Place,
  name: string,
  value: string,
  instead: string,
): readonly Edit[] {
  if (!text) return [];
  const start = offsetOf(text, at);
  const rest = text.content.slice(start, start + 400);
  const escaped = value.replace(/[^\w]/g, '\\$&');
  const found = new RegExp(
    `^(?:["']?|name:\\s{0,4}["']?)${name}["']?(?:\\s{0,4}[=:]\\s{0,4}["']?|,?\\s{1,40}value:\\s{0,4}["']?)(?=${escaped}(?:["'\\s,}]|$))`,
  ).exec(rest);
  if (!found) return [];
  const from = start + found[0].length;
  return [text.edit(from, from + value.length, instead)];
}

/** Behind a blank of a line, or as an item of a list of either form. */
export function withoutFlag(text: Text | undefined, at: Place, flag: string): readonly Edit[] {
  if (!text) return [];
  const start = offsetOf(text, at);
  const rest = text.content.slice(start, start + 600);
  const found =
    new RegExp(`,\\s{0,40}["']${flag}["'](?=\\s{0,40}[\\],])`).exec(rest) ??
    new RegExp(`\\r?\\n[ \\t]{0,40}-[ \\t]{1,4}["']?${flag}["']?(?=\\r?\\n|$)`).exec(rest) ??
    new RegExp(`[ \\t]${flag}(?=\\s|["']|$)`).exec(rest);
  return found ? [text.edit(start + found.index, start + found.index + found[0].length, '')] : [];
}
