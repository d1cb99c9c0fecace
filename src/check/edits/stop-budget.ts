import type { Fact } from '../../artifacts/fact.ts';
import { setting } from '../../artifacts/systemd/unit.ts';
import { type Edit, offsetOf } from '../../artifacts/text.ts';
import { at, entriesOf, entryOf } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import { containerOf } from '../kubernetes/pods.ts';
import { lineAbove } from '../yaml-lines.ts';

/** The edits that give a service so many milliseconds to stop: in the place of what is written, else as a new line. */
export function raisedBudget(
  context: Context,
  member: Member,
  budget: Fact<'stop.budget'>,
  wanted: number,
): readonly Edit[] {
  const seconds = Math.ceil(wanted / 1_000);
  if (budget.origin === 'explicit') return rewritten(context, budget, seconds);
  switch (member.platform) {
    case 'compose': {
      if (member.document.kind !== 'compose') return [];
      const service = at(member.document.body.root, 'services', member.name);
      return lineAbove(entriesOf(service)[0], `stop_grace_period: ${seconds}s`);
    }
    case 'kubernetes': {
      const spec = containerOf(context, member)?.workload.spec;
      return lineAbove(entryOf(spec, 'containers'), `terminationGracePeriodSeconds: ${seconds}`);
    }
    case 'systemd': {
      if (member.document.kind !== 'systemd') return [];
      const start = setting(member.document.body, 'Service', 'ExecStart');
      return start
        ? [member.document.text.edit(start.start, start.start, `TimeoutStopSec=${seconds}\n`)]
        : [];
    }
    default:
      return [];
  }
}

/** A number with or without its unit, behind the name of the setting where it stands on the same line. */
const WRITTEN = /^((?:[A-Za-z_]+\s*[:=]\s*)?["']?)(\d+(?:\.\d+)?)(ms|min|[smh])?(?=["'\s,}]|$)/;

function rewritten({ texts }: Context, { at: place }: Fact, seconds: number): readonly Edit[] {
  const text = texts.get(place.file);
  if (!text) return [];
  const offset = offsetOf(text, place);
  const [, lead = '', number = '', unit = ''] = WRITTEN.exec(text.content.slice(offset, offset + 80)) ?? [];
  if (number === '') return [];
  const start = offset + lead.length;
  return [
    text.edit(start, start + number.length + unit.length, unit === '' ? String(seconds) : `${seconds}s`),
  ];
}
