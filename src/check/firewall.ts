import { unwrapped } from '../artifacts/shell/script.ts';
import type { Place } from '../artifacts/text.ts';
import type { Context } from './context.ts';

/** A port that ufw opens, and to whom. */
export interface Opening {
  readonly from: number;
  readonly to: number;
  /** Undefined: to anybody. */
  readonly source: string | undefined;
  readonly at: Place;
}

/** What the scripts of the set say of the firewall of a host. */
export interface Firewall {
  readonly openings: readonly Opening[];
  /** Where it is turned on. */
  readonly enabled: Place;
  /** What it lets in by a name or a rule that is not read here. */
  readonly open: boolean;
}

/** The profiles that nginx and Apache bring, and the names of services. */
const NAMES: Readonly<Record<string, readonly number[]>> = {
  'nginx full': [80, 443],
  'nginx http': [80],
  'nginx https': [443],
  'apache full': [80, 443],
  apache: [80],
  'apache secure': [443],
  'www full': [80, 443],
  www: [80],
  openssh: [22],
  ssh: [22],
  http: [80],
  https: [443],
};

const KNOWN = new WeakMap<Context, Firewall | undefined>();

/** ufw, as scripts set it up; undefined where none turns it on, since it denies nothing then. */
export function firewallOf(context: Context): Firewall | undefined {
  if (!KNOWN.has(context)) KNOWN.set(context, read(context));
  return KNOWN.get(context);
}

function read(context: Context): Firewall | undefined {
  const openings: Opening[] = [];
  let enabled: Place | undefined;
  let [open, closed] = [false, true];
  for (const { body, text } of context.of('shell'))
    for (const command of body.commands.map(unwrapped)) {
      const words = command.words.map(word => word.value);
      if (words[0]?.split('/').at(-1) !== 'ufw') continue;
      const rest = words.slice(1).filter(word => word === undefined || !/^(?:--force|--dry-run)$/.test(word));
      const at = text.place(command.start);
      if (rest[0] === 'enable') enabled = at;
      // Denied is what no rule lets in, unless somebody turns that round.
      else if (rest[0] === 'default') closed = rest[1] !== 'allow' || (rest[2] ?? 'incoming') !== 'incoming';
      else if (rest[0] === 'allow' || rest[0] === 'limit') {
        const found = opening(rest.slice(1), at);
        if (found) openings.push(...found);
        else open = true;
      }
    }
  return enabled && closed ? { openings, enabled, open } : undefined;
}

/** `8080/tcp`, `'Nginx Full'`, `from 10.0.0.0/8 to any port 5432 proto tcp`; undefined where it cannot be told. */
function opening(words: readonly (string | undefined)[], at: Place): readonly Opening[] | undefined {
  if (words.includes(undefined)) return undefined;
  const all = words as readonly string[];
  const rest = all
    .slice(all[0] === 'in' ? 1 : 0)
    .filter((word, i, list) => word !== 'comment' && list[i - 1] !== 'comment');
  const after = (name: string) => rest[rest.indexOf(name) + 1 || rest.length];
  const source = after('from');
  const named = rest.includes('from') || rest.includes('to') ? (after('port') ?? after('app')) : rest[0];
  if (rest.includes('on') || rest[0] === 'out') return [];
  if (named === undefined) return undefined;
  const ports = portsOf(named);
  return ports?.map(([from, to]) => ({ from, to, source: source === 'any' ? undefined : source, at }));
}

function portsOf(text: string): readonly (readonly [number, number])[] | undefined {
  const known = NAMES[text.toLowerCase().replace(/\/tcp$/, '')];
  if (known) return known.map(port => [port, port] as const);
  if (/\/udp$/.test(text)) return [];
  const parts = text
    .replace(/\/tcp$/, '')
    .split(',')
    .map(part => /^(\d{1,5})(?::(\d{1,5}))?$/.exec(part));
  if (parts.some(part => !part)) return undefined;
  return parts.map(part => [Number(part?.[1]), Number(part?.[2] ?? part?.[1])] as const);
}

/** Whether anybody reaches a port of the host; undefined where a rule is not read here. */
export function lets({ openings, open }: Firewall, port: number): boolean | undefined {
  if (openings.some(({ from, to, source }) => source === undefined && port >= from && port <= to))
    return true;
  return open ? undefined : false;
}
