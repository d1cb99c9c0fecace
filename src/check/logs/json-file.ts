import { factOf } from '../../artifacts/fact.ts';
import { hasOption } from '../../artifacts/shell/script.ts';
import type { Edit } from '../../artifacts/text.ts';
import { entryOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import { isOperated } from '../deployments.ts';
import type { Finding } from '../rule.ts';

/** Containers whose output docker keeps in files that only end with the disk: https://docs.docker.com/engine/logging/drivers/json-file/ */
export function unlimited(context: Context): readonly Finding[] {
  const daemon = [...context.texts.values()].some(
    text => /daemon\.json/.test(`${text.file}\n${text.content}`) && /max-size|log-driver/.test(text.content),
  );
  if (daemon) return [];
  return context.members
    .filter(member => /^(?:compose|docker)$/.test(member.platform) && isOperated(member))
    .flatMap(member => (member.platform === 'compose' ? ofCompose(member) : ofRun(context, member)));
}

function ofCompose(member: Member): Finding[] {
  const driver = factOf(member, 'log.driver');
  if (driver && (driver.value.limited || driver.value.driver !== 'json-file')) return [];
  return [
    {
      at: driver?.at ?? member.at,
      severity: 'info',
      message: `the output of ${member.name} is kept in a file of docker that has no largest size`,
      fix: 'Set logging: {driver: json-file, options: {max-size: 10m, max-file: "3"}}, or log-opts in daemon.json.',
      edits: driver ? [] : added(member),
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
