import type { Document } from '../../artifacts/document.ts';
import { own } from '../../artifacts/own.ts';
import { EVENTS } from '../../artifacts/workflow/events.ts';
import { eventsOf } from '../../artifacts/workflow/workflow.ts';
import { at, entriesOf, entryOf, itemsOf, placeOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import { nearest } from '../../config/nearest.ts';
import type { Finding } from '../rule.ts';

/** What is said to start a workflow, and cannot. */
export function triggerFaults({ body }: Document<'workflow'>): readonly Finding[] {
  return eventsOf(body).flatMap(({ name, node, settings }): Finding[] => {
    if (!Object.hasOwn(EVENTS, name))
      return [
        { at: placeOf(node), message: `no event is called ${name}${offered(name, Object.keys(EVENTS))}` },
      ];
    return [
      ...typeFaults(name, at(settings, 'types')),
      ...bothFilters(name, settings),
      ...inputFaults(name, settings),
      ...(name === 'schedule' ? itemsOf(settings).flatMap(item => cronFaults(at(item, 'cron'))) : []),
    ];
  });
}

export const offered = (word: string, candidates: readonly string[]): string => {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `; ${near} is near`;
};

function typeFaults(event: string, types: YamlNode | undefined): Finding[] {
  const known = own(EVENTS, event)?.split(' ').filter(Boolean);
  if (!types || !known) return [];
  return [types, ...itemsOf(types)].flatMap((node): Finding[] => {
    const type = textOfNode(node);
    if (type === undefined || known.includes(type) || type.includes('${{')) return [];
    const why = known.length === 0 ? 'tells no types apart' : `has no type ${type}${offered(type, known)}`;
    return [{ at: placeOf(node), message: `${event} ${why}` }];
  });
}

function bothFilters(event: string, settings: YamlNode | undefined): Finding[] {
  return ['branches', 'tags', 'paths'].flatMap((filter): Finding[] => {
    const both = entryOf(settings, `${filter}-ignore`);
    return both && at(settings, filter)
      ? [{ at: placeOf(both.key), message: `${event} takes ${filter} or ${filter}-ignore, not both` }]
      : [];
  });
}

/** https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_dispatchinputs */
const INPUTS: Readonly<Record<string, readonly string[]>> = {
  workflow_call: ['boolean', 'number', 'string'],
  workflow_dispatch: ['boolean', 'choice', 'environment', 'number', 'string'],
};

function inputFaults(event: string, settings: YamlNode | undefined): Finding[] {
  const known = own(INPUTS, event);
  if (!known) return [];
  return entriesOf(at(settings, 'inputs')).flatMap(({ value }): Finding[] => {
    const node = at(value, 'type');
    const type = textOfNode(node);
    if (!node || type === undefined || known.includes(type)) return [];
    return [
      { at: placeOf(node), message: `an input of ${event} has no type ${type}${offered(type, known)}` },
    ];
  });
}

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');
const FIELDS: readonly (readonly [name: string, least: number, most: number, words: readonly string[]])[] = [
  ['minute', 0, 59, []],
  ['hour', 0, 23, []],
  ['day', 1, 31, []],
  ['month', 1, 12, ['', ...MONTHS]],
  ['day of the week', 0, 6, DAYS],
];

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/crontab.html; GitHub adds names and steps, and no @daily. */
function cronFaults(node: YamlNode | undefined): Finding[] {
  const text = textOfNode(node);
  // `$cron-daily` of a starter workflow is filled in by GitHub.
  if (!node || text === undefined || /\$\{\{|^\$/.test(text)) return [];
  const fields = text.trim().split(/\s+/);
  const refuse = (why: string): Finding[] => [{ at: placeOf(node), message: `the schedule ${text} ${why}` }];
  if (fields.length !== FIELDS.length) return refuse(`has ${fields.length} fields instead of 5`);
  for (const [i, [name, least, most, words]] of FIELDS.entries()) {
    const number = (word: string) =>
      words.includes(word.toLowerCase()) && word !== '' ? words.indexOf(word.toLowerCase()) : Number(word);
    const fits = (fields[i] ?? '').split(',').every(part => {
      const [range = '', step] = part.split('/');
      const [from = '', to = from] = range.split('-');
      const inside = [from, to].map(number).every(n => Number.isInteger(n) && n >= least && n <= most);
      const whole = range === '*' || (from !== '' && to !== '' && inside && number(from) <= number(to));
      return whole && (step === undefined || /^[1-9]\d*$/.test(step));
    });
    if (!fits) return refuse(`has no ${name} in ${fields[i]}`);
  }
  return [];
}
