import { nameOf, unwrapped } from '../artifacts/shell/script.ts';
import type { Place } from '../artifacts/text.ts';
import type { Context } from './context.ts';
import { type FirewallRule, isOpening, parseUfw } from './host/ufw.ts';

/** A port that ufw opens, and to whom. */
interface Opening {
  readonly from: number;
  readonly to: number;
  /** Undefined: to anybody. */
  readonly source: string | undefined;
  readonly at: Place;
}

/** What the scripts of the set say of the firewall of a host. */
interface Firewall {
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
      if (nameOf(command) !== 'ufw') continue;
      const words = command.words.slice(1).flatMap(({ value }) => value ?? []);
      const at = text.place(command.start);
      const parsed = words.length === command.words.length - 1 ? parseUfw(words) : undefined;
      if (!parsed || parsed.kind === 'refused') open = true;
      else if (parsed.kind === 'rule') {
        const found = isOpening(parsed.rule) ? opened(parsed.rule, at) : [];
        if (found) openings.push(...found);
        else open = true;
      } else if (parsed.name === 'enable') enabled = at;
      // What no rule lets in is denied, unless somebody turns that round.
      else if (parsed.name === 'default')
        closed = parsed.words[0] !== 'allow' || (parsed.words[1] ?? 'incoming') !== 'incoming';
    }
  return enabled && closed ? { openings, enabled, open } : undefined;
}

/** Undefined where it cannot be told which ports. */
function opened({ from, ports, protocol, device }: FirewallRule, at: Place): readonly Opening[] | undefined {
  if (protocol === 'udp') return [];
  const found = ports.map(portsOf);
  if (ports.length === 0 || found.includes(undefined)) return undefined;
  const source = device === undefined && /^(?:any|0\.0\.0\.0\/0|::\/0)$/i.test(from) ? undefined : from;
  return found.flatMap(each => (each ?? []).map(([first, last]) => ({ from: first, to: last, source, at })));
}

function portsOf(text: string): readonly (readonly [number, number])[] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (first !== undefined) return [[Number(first), Number(last)]];
  return NAMES[text.toLowerCase()]?.map(port => [port, port] as const);
}

/** Whether anybody reaches a port of the host; undefined where a rule is not read here. */
export function lets({ openings, open }: Firewall, port: number): boolean | undefined {
  if (openings.some(({ from, to, source }) => source === undefined && port >= from && port <= to))
    return true;
  return open ? undefined : false;
}
