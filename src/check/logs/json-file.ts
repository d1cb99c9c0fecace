import { factOf } from '../../artifacts/fact.ts';
import { hasOption } from '../../artifacts/shell/script.ts';
import type { Edit } from '../../artifacts/text.ts';
import { entryOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import { isOperated } from '../deployments.ts';
import type { Finding } from '../rule.ts';
import { listed } from '../words.ts';

/** Containers whose output docker keeps in files that only end with the disk: https://docs.docker.com/engine/logging/drivers/json-file/ */
export function unlimited(context: Context): readonly Finding[] {
  const daemon = [...context.texts.values()].some(
    text => /daemon\.json/.test(`${text.file}\n${text.content}`) && /max-size|log-driver/.test(text.content),
  );
  if (daemon) return [];
  const open = context.members.filter(
    member => /^(?:compose|docker)$/.test(member.platform) && isOperated(member) && isOpen(member),
  );
  const files = new Map<object, Member[]>();
  for (const member of open)
    if (member.platform === 'compose')
      files.set(member.document, [...(files.get(member.document) ?? []), member]);
  return [
    ...[...files.values()].flatMap(ofCompose),
    ...open.filter(member => member.platform === 'docker').flatMap(member => ofRun(context, member)),
  ];
}

function isOpen(member: Member): boolean {
  const driver = factOf(member, 'log.driver')?.value;
  return !driver || (driver.driver === 'json-file' && !driver.limited);
}

/** One for a file, where the first of its services stands. */
function ofCompose(members: readonly Member[]): Finding[] {
  const [first] = members;
  if (!first) return [];
  return [
    {
      at: factOf(first, 'log.driver')?.at ?? first.at,
      severity: 'info',
      message: `the output of ${listed(members.map(({ name }) => name))} is kept by docker in files that have no largest size`,
      fix: 'Set logging: {driver: json-file, options: {max-size: 10m, max-file: "3"}}, or log-opts in daemon.json.',
      edits: members.filter(member => !factOf(member, 'log.driver')).flatMap(added),
    },
  ];
}

/** Before the first key of the service, so that comments stay with what they speak of. */
function added({ document, name }: Member): Edit[] {
  if (document.kind !== 'compose') return [];
  const service: YamlNode | undefined = document.body.services.find(({ key }) => key.source === name)?.value;
  const [first] = service?.kind === 'map' ? [...service.entries.values()] : [];
  if (!first || service?.text !== document.text || entryOf(service, '<<')) return [];
  const { content } = document.text;
  const line = content.lastIndexOf('\n', first.key.start - 1) + 1;
  const indent = content.slice(line, first.key.start);
  if (!/^ +$/.test(indent) || first.key.text !== document.text) return [];
  const text = `logging: {driver: json-file, options: {max-size: 10m, max-file: "3"}}\n${indent}`;
  return [document.text.edit(first.key.start, first.key.start, text)];
}

function ofRun(context: Context, member: Member): Finding[] {
  const { document } = member;
  const place = (start: number) => document.text.place(start);
  const command =
    document.kind === 'shell'
      ? document.body.commands.find(({ start }) => {
          const { line, column } = place(start);
          return line === member.at.line && column <= member.at.column;
        })
      : undefined;
  if (!command || hasOption(command, '--log-opt', '--log-driver') || !context.closed) return [];
  const message = `the output of ${member.name || 'the container'} is kept in a file of docker that has no largest size`;
  return [
    { at: member.at, severity: 'info', message, fix: 'Add --log-opt max-size=10m --log-opt max-file=3.' },
  ];
}
