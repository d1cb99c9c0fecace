import { type Fact, factOf } from '../../artifacts/fact.ts';
import { objectSets } from '../../artifacts/kubernetes/kustomize.ts';
import { systemdDuration } from '../../artifacts/quantities.ts';
import { hasOption } from '../../artifacts/shell/script.ts';
import { at, entriesOf, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import { environmentOf } from '../assemble.ts';
import type { Context, Member } from '../context.ts';
import { appended, type HostUnit, settingOf } from '../host/units.ts';
import type { Finding } from '../rule.ts';
import { duration } from '../words.ts';
import { type ComposeService, composeServices, lastOf, productionContainers } from './compose-services.ts';

/** Work that ends. */
const TASK =
  /(?:^|[-_])(?:migrat\w*|init|seed|setup|backup|restore|job|task|test|tests|cli|create\w*|bootstrap|import|load\w*|shell|pull|certbot)(?:[-_]|$)/i;

const isJudged = (member: Member): boolean =>
  member.production && member.longRunning && !TASK.test(member.name.replace(/\.\w+$/, ''));

export function ofCompose(context: Context): Finding[] {
  const judged = new Set(productionContainers(context));
  return composeServices(context)
    .filter(({ member }) => judged.has(member))
    .flatMap(ofService);
}

function ofService(service: ComposeService): Finding[] {
  const { member, entry } = service;
  if (
    !isJudged(member) ||
    ['restart', 'deploy.restart_policy', 'profiles'].some(key => lastOf(service, ...key.split('.')))
  )
    return [];
  const first = entriesOf(entry.value)[0]?.key;
  const { text } = entry.value;
  const line = first && text.content.slice(text.content.lastIndexOf('\n', first.start - 1) + 1, first.start);
  const edits =
    first && line !== undefined && /^ +$/.test(line) && !text.within
      ? [text.edit(first.start, first.start, `restart: unless-stopped\n${line}`)]
      : [];
  return [{ at: member.at, message: `${member.name} is not started again: restart is no by default`, edits }];
}

export function ofDocker(context: Context): Finding[] {
  const commands = new Map(
    context.of('shell').flatMap(({ body, text }) =>
      body.commands.map(command => {
        const { file, line, column } = text.place(command.start);
        return [`${file}:${line}:${column}`, command];
      }),
    ),
  );
  return context.members
    .filter(member => member.platform === 'docker' && member.form === 'container' && isJudged(member))
    .filter(member => {
      const command = commands.get(`${member.at.file}:${member.at.line}:${member.at.column}`);
      return !factOf(member, 'restart') && !(command && hasOption(command, '--rm', '--restart'));
    })
    .map(member => ({
      at: member.at,
      message: `${member.name} is not started again: --restart is no by default`,
    }));
}

export function ofSystemd(context: Context, unit: HostUnit): Finding[] {
  const { member } = unit;
  const policy = factOf(member, 'restart') as Fact<'restart'> | undefined;
  if (!isJudged(member)) return [];
  if (policy && policy.value !== 'no') return endless(unit);
  const stem = member.name.replace(/\.service$/, '');
  const started = context
    .of('systemd')
    .some(({ body }) => /^(?:timer|socket|path)$/.test(body.type) && body.name.startsWith(`${stem}.`));
  // An explicit no was meant.
  if (policy || started || !settingOf(unit, 'Install', 'WantedBy')) return [];
  return [
    {
      at: member.at,
      message: `${member.name} is not started again: Restart is no by default`,
      edits: appended(unit, 'Service', ['Restart=on-failure']),
    },
  ];
}

/** https://www.freedesktop.org/software/systemd/man/systemd.unit.html#StartLimitIntervalSec=interval: 5 starts in 10 s. */
function endless(unit: HostUnit): Finding[] {
  const pause = settingOf(unit, 'Service', 'RestartSec');
  const [interval, burst] = ['StartLimitInterval', 'StartLimitBurst'].map(
    key =>
      settingOf(unit, 'Unit', `${key}Sec`) ?? settingOf(unit, 'Unit', key) ?? settingOf(unit, 'Service', key),
  );
  const [wait, within] = [
    systemdDuration(pause?.value ?? '100ms'),
    systemdDuration(interval?.value ?? '10s'),
  ];
  const count = Number(burst?.value ?? 5);
  if (
    !pause ||
    wait === undefined ||
    within === undefined ||
    within === 0 ||
    !Number.isInteger(count) ||
    count === 0
  )
    return [];
  if (settingOf(unit, 'Service', 'RestartSteps') || wait * count < within) return [];
  const said = interval ? duration(within) : `${duration(within)} (StartLimitIntervalSec, default)`;
  return [
    {
      at: pause.at,
      message: `${unit.member.name} is started again for ever: ${count} starts with ${duration(wait)} between them never fall into ${said}`,
      ...(interval ? { related: [{ ...interval.at, message: `${interval.key}=${interval.value}` }] } : {}),
      edits: [],
    },
  ];
}

/** What nothing brings back after its node is gone. */
export function ofPods({ documents }: Context): Finding[] {
  return objectSets(documents)
    .flatMap(({ objects }) => objects)
    .filter(
      ({ kind, root }) =>
        kind === 'Pod' && !/^(?:Never|OnFailure)$/.test(textOfNode(at(root, 'spec', 'restartPolicy')) ?? ''),
    )
    .filter(
      ({ root }) =>
        !/(?:^|\/)manifests\//.test(root.text.file) &&
        !/^(?:dev|local|test|override)/.test(environmentOf(root.text.file) ?? ''),
    )
    .map(({ name, root }) => ({
      at: placeOf(root),
      message: `the bare Pod ${name} is gone with its node: no workload makes it again`,
    }));
}
