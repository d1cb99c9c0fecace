import type { Document } from '../../artifacts/document.ts';
import { factOf, factsOf } from '../../artifacts/fact.ts';
import { type Command, nameOf, unwrapped } from '../../artifacts/shell/script.ts';
import type { Place } from '../../artifacts/text.ts';
import { LOOPBACK, ways } from '../backends.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type FirewallRule, isOpening, type Parsed, parseUfw } from './ufw.ts';

interface Step {
  readonly at: Place;
  /** Undefined where a word is only known when it runs. */
  readonly parsed: Parsed | undefined;
}

/** The commands of ufw of one file, in order: the blocks of a guide are one sequence. */
function stepsIn(documents: readonly Document<'shell'>[]): ReadonlyMap<string, readonly Step[]> {
  const files = new Map<string, Step[]>();
  for (const { body, text } of documents)
    for (const command of body.commands.map(unwrapped)) {
      if (nameOf(command) !== 'ufw') continue;
      const steps = files.get(text.file) ?? [];
      steps.push({ at: text.place(command.start), parsed: parsedOf(command) });
      files.set(text.file, steps);
    }
  return files;
}

function parsedOf({ words }: Command): Parsed | undefined {
  const values = words.slice(1).map(({ value }) => value);
  // What is to be filled in: <your-ip>.
  if (values.some(value => value === undefined || /[<>]|\bYOUR/.test(value))) return undefined;
  return parseUfw(values as string[]);
}

/** Rules that ufw refuses, and a firewall that ends the session which sets it up. */
export function refusedSteps(context: Context): Finding[] {
  return [...stepsIn(context.of('shell')).values()].flatMap(steps => [
    ...steps.flatMap(({ at, parsed }) =>
      parsed?.kind === 'refused' ? [{ at, message: `ufw refuses this: ${parsed.why}` }] : [],
    ),
    ...lockedOut(steps),
  ]);
}

const WEB = /^(?:80|443|http|https|www|nginx (?:full|http|https)|apache(?: full| secure)?|www full)$/i;

function lockedOut(steps: readonly Step[]): Finding[] {
  const enable = steps.findIndex(({ parsed }) => parsed?.kind === 'other' && parsed.name === 'enable');
  const step = steps[enable];
  if (!step || steps.some(({ parsed }) => parsed === undefined)) return [];
  const isOpen = steps
    .slice(0, enable)
    .some(
      ({ parsed }) =>
        parsed?.kind === 'other' &&
        parsed.name === 'default' &&
        parsed.words[0] === 'allow' &&
        !parsed.words[1]?.startsWith('out'),
    );
  const opened = (some: readonly Step[]) =>
    some.flatMap(({ parsed }) => (parsed?.kind === 'rule' && isOpening(parsed.rule) ? [parsed.rule] : []));
  // A port that is not the web's may be that of SSH; an address or device may be the administrator's.
  const mayBeSsh = (rule: FirewallRule) =>
    rule.ports.length === 0 || rule.ports.some(port => !WEB.test(port));
  if (isOpen || opened(steps.slice(0, enable)).some(mayBeSsh)) return [];
  const later = steps
    .slice(enable + 1)
    .find(each => opened([each]).some(({ ports }) => ports.some(port => /^(?:22|ssh|openssh)$/i.test(port))));
  if (!later && opened(steps).length === 0) return [];
  return [
    {
      at: step.at,
      message: 'the firewall is enabled before SSH is allowed: the session that does it is cut off',
      ...(later ? { related: [{ ...later.at, message: 'SSH is allowed here' }] } : {}),
    },
  ];
}

/** Stores and metrics by the ports that they have everywhere. */
const KNOWN: Readonly<Record<string, string>> = {
  '1433': 'SQL Server',
  '3306': 'MySQL',
  '5432': 'PostgreSQL',
  '5672': 'RabbitMQ',
  '6333': 'Qdrant',
  '6379': 'Redis',
  '9090': 'Prometheus',
  '9100': 'the metrics of the host',
  '9187': 'the metrics of PostgreSQL',
  '9200': 'Elasticsearch',
  '11434': 'Ollama',
  '27017': 'MongoDB',
  mysql: 'MySQL',
  postgresql: 'PostgreSQL',
  redis: 'Redis',
};

export function openPorts(context: Context): Finding[] {
  const backends = backendPorts(context);
  return [...stepsIn(context.of('shell')).values()].flat().flatMap(({ at, parsed }): Finding[] => {
    if (parsed?.kind !== 'rule' || !isOpening(parsed.rule) || parsed.rule.device !== undefined) return [];
    const { from, to, ports } = parsed.rule;
    if (!/^(?:any|0\.0\.0\.0\/0|::\/0)$/i.test(from) || /^(?:127\.|::1)/.test(to)) return [];
    return ports.flatMap((port): Finding[] => {
      const backend = backends.get(port);
      const what = backend?.what ?? KNOWN[port];
      if (!what) return [];
      const related = backend ? [{ ...backend.at, message: backend.what }] : [];
      return [{ at, message: `port ${port} is open to every address: ${what}`, related }];
    });
  });
}

/** Ports of this host that a proxy leads to, and those of metrics. */
function backendPorts(context: Context): ReadonlyMap<string, { what: string; at: Place }> {
  const found = new Map<string, { what: string; at: Place }>();
  for (const { route, backend } of ways(context))
    for (const { host, port } of factOf(route, 'route')?.value.to ?? [])
      if (port !== undefined && LOOPBACK.test(host))
        found.set(String(port), { what: `${backend.name}, which stands behind a proxy`, at: route.at });
  for (const member of context.members)
    for (const { value, at } of factsOf(member, 'port.listen'))
      if (value.name === 'metrics')
        found.set(String(value.port), { what: `the metrics of ${member.name}`, at });
  return found;
}
