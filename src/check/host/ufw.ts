import { isIP } from 'node:net';

/** A rule that ufw takes, as far as the words say it. */
export interface FirewallRule {
  readonly action: string;
  readonly outgoing: boolean;
  readonly routed: boolean;
  readonly removed: boolean;
  readonly device: string | undefined;
  readonly from: string;
  readonly to: string;
  /** Ports, services or the name of an application, at the destination. */
  readonly ports: readonly string[];
  readonly protocol: string;
}

/** What ufw makes of its arguments: a rule, another command, or why it refuses them. ufw(8) */
export type Parsed =
  | { readonly kind: 'rule'; readonly rule: FirewallRule }
  | { readonly kind: 'other'; readonly name: string; readonly words: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };

const ACTIONS = /^(?:allow|deny|reject|limit)$/;
const OTHERS = /^(?:enable|disable|reload|reset|status|default|logging|app|show|version|help|delete)$/;

/** A rule that lets something in to the host itself. */
export const isOpening = ({ action, outgoing, routed, removed }: FirewallRule): boolean =>
  /^(?:allow|limit)$/.test(action) && !outgoing && !routed && !removed;

const refused = (why: string): Parsed => ({ kind: 'refused', why });

export function parseUfw(given: readonly string[]): Parsed {
  const words = given.filter(word => !/^--(?:dry-run|force)$/.test(word));
  const routed = words[0] === 'route';
  if (routed || words[0] === 'rule') words.shift();
  const removed = words[0] === 'delete' && words.length > 1;
  if (removed) words.shift();
  if (removed && /^\d+$/.test(words[0] ?? '')) return { kind: 'other', name: 'delete', words };
  if (words[0] === 'insert') words.splice(0, 2);
  else if (words[0] === 'prepend') words.shift();
  const action = words[0] ?? '';
  if (action === 'default' && !/^(?:allow|deny|reject)$/.test(words[1] ?? ''))
    return refused(
      `default ${words.slice(1).join(' ')}: the policy comes first, then incoming, outgoing or routed`,
    );
  if (!ACTIONS.test(action))
    return OTHERS.test(action) || action === ''
      ? { kind: 'other', name: action, words: words.slice(1) }
      : refused(`ufw has no command ${action}`);
  return ruleOf(words, { action, routed, removed });
}

/** What is known of a rule before it says what it is for. */
type Head = Pick<FirewallRule, 'action' | 'outgoing' | 'routed' | 'removed'>;

function ruleOf(words: string[], how: Omit<Head, 'outgoing'>): Parsed {
  const comment = words.indexOf('comment');
  if (comment === words.length - 1) return refused('comment lacks its text');
  if (comment > 0) words.splice(comment, 2);
  const outgoing = words[1] === 'out';
  if (/^(?:in|out)$/.test(words[1] ?? '') && words[2] !== 'on') words.splice(1, 1);
  if (words.includes('in') || words.includes('out')) {
    if (!how.routed && !/^(?:in|out)$/.test(words[1] ?? ''))
      return refused('in or out stands behind what it belongs to');
    // `in on eth0` is `in eth0` from here.
    for (const [i, word] of words.entries())
      if (/^(?:in|out)$/.test(word) && words[i + 1] === 'on') words.splice(i + 1, 1);
  }
  const log = words.findIndex(word => /^log(?:-all)?$/.test(word));
  if (log > 0) words.splice(log, 1);
  if (words.length < 2) return refused(`${how.action} lacks what it is for`);
  const head = { ...how, outgoing };
  return words.length === 2 ? shortRule(head, words[1] ?? '') : fullRule(head, words);
}

interface Ends {
  readonly device?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly protocol: string;
}

const rule = (head: Head, ports: string | undefined, { device, from, to, protocol }: Ends): Parsed => ({
  kind: 'rule',
  rule: { ...head, device, from: from ?? 'any', to: to ?? 'any', ports: ports?.split(',') ?? [], protocol },
});

function shortRule(head: Head, word: string): Parsed {
  const [port = '', protocol = 'any', ...more] = word.split('/');
  if (more.length > 0 || (word.includes('/') && !/^(?:tcp|udp)$/.test(protocol) && !/^\D/.test(word)))
    return refused(`${word} is no port or port/protocol`);
  const fault = portFault(port, protocol);
  return fault ? refused(fault) : rule(head, port, { protocol });
}

/** https://manpages.debian.org/bookworm/ufw/ufw.8.en.html#RULE_SYNTAX */
function fullRule(head: Head, words: readonly string[]): Parsed {
  if ((words.length + 1) % 2 !== 0)
    return refused(`words are missing, or one is too many: ${words.slice(1).join(' ')}`);
  if (!['from', 'to', 'in', 'out'].some(key => words.includes(key)))
    return refused(`${words.slice(1).join(' ')} lacks from or to`);
  const found = new Map<string, string>();
  let side = '';
  for (let i = 1; i < words.length; i += 2) {
    const [key = '', value = ''] = [words[i], words[i + 1]];
    if (!/^(?:proto|from|to|port|app|in|out)$/.test(key))
      return refused(`${key} stands where from, to, port or proto is expected`);
    if (key === 'from' || key === 'to') {
      side = key;
      const fault = addressFault(value);
      if (fault) return refused(fault);
    }
    if ((key === 'port' || key === 'app') && side === '')
      return refused(`${key} stands before the from or to that it belongs to`);
    const name = key === 'port' || key === 'app' ? `${side} port` : key;
    if (found.has(name)) return refused(`${key} stands twice`);
    found.set(name, value);
  }
  const protocol = found.get('proto') ?? 'any';
  const ports = found.get('to port');
  const fault = [ports, found.get('from port')]
    .map(each => each && portFault(each, protocol))
    .find(each => each);
  if (fault) return refused(fault);
  const device = found.get('in') ?? found.get('out');
  return rule(head, ports, { device, from: found.get('from'), to: found.get('to'), protocol });
}

function portFault(port: string, protocol: string): string | undefined {
  if (!/^\d/.test(port)) return undefined;
  // The short form takes an address too.
  if (isIP(port)) return undefined;
  if (!/^\d+(?:[,:]\d+)*$/.test(port)) return `${port} is no port: a range is written 6000:6007`;
  if (port.split(/[,:]/).some(each => Number(each) < 1 || Number(each) > 65_535)) return `${port} is no port`;
  return /[,:]/.test(port) && protocol === 'any'
    ? `${port} needs tcp or udp, as any several ports do`
    : undefined;
}

function addressFault(address: string): string | undefined {
  const [host = '', mask] = address.split('/');
  if (address.toLowerCase() === 'any') return undefined;
  const family = isIP(host);
  if (family === 0)
    return /[a-z]/i.test(host)
      ? `${address} is a name: ufw knows addresses only`
      : `${address} is no address`;
  if (mask === undefined) return undefined;
  const isMask = /^\d{1,3}$/.test(mask)
    ? Number(mask) <= (family === 4 ? 32 : 128)
    : family === 4 && isIP(mask) === 4;
  return isMask ? undefined : `${address} is no network`;
}
