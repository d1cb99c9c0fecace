import type { AnyDocument, Document } from '../document.ts';
import { type AnyFact, type Component, stated } from '../fact.ts';
import { imageReference } from '../image.ts';
import { binarySize } from '../quantities.ts';
import { partlyUrl } from '../url.ts';
import { healthOptions, securityOptions } from './docker-options.ts';
import { expanded } from './expand.ts';
import { gcloudComponents } from './gcloud-components.ts';
import { type Command, hasOption, nameOf, optionValues, unwrapped, valueAt, type Word } from './script.ts';

/** What a script starts itself. */
export function scriptComponents(
  document: Document<'shell'>,
  set: readonly AnyDocument[],
): readonly Component[] {
  return [
    ...document.body.commands.map(unwrapped).flatMap(command => dockerRun(document, command) ?? []),
    ...gcloudComponents(document, set),
  ];
}

const FLAGS_WITHOUT_VALUE =
  /^(?:-[dtiP]+|--(?:detach|rm|tty|interactive|privileged|init|read-only|no-healthcheck|oom-kill-disable|publish-all|quiet|sig-proxy|disable-content-trust)(?:=\S*)?)$/;

function dockerRun({ text, name: file }: Document<'shell'>, command: Command): Component | undefined {
  const isRun =
    /^(?:docker|podman)$/.test(nameOf(command)) && /^(?:run|create)$/.test(valueAt(command, 1) ?? '');
  const image = isRun ? imageOf(command) : undefined;
  if (!image) return undefined;
  const detached =
    hasOption(command, '-d', '--detach') || command.words.some(word => /^-[ti]*d[ti]*$/.test(word.raw));
  const name = optionValues(command, '--name')[0]?.value;
  const at = (word: Word) => text.place(word.start);
  const unnamed = image.value ? `a container of ${image.value}` : 'a container';
  return {
    platform: 'docker',
    form: 'container',
    name: name ?? unnamed,
    aliases: optionValues(command, '--network-alias').flatMap(word => word.value ?? []),
    at: text.place(command.start),
    scope: file,
    facts: [...stated('image', imageReference(image.value ?? ''), at(image)), ...optionFacts(command, at)],
    longRunning: detached,
  };
}

/** The first word that is neither an option nor the value of one. */
function imageOf(command: Command): Word | undefined {
  for (let i = 2; i < command.words.length; i++) {
    const word = command.words[i];
    if (!word?.raw.startsWith('-')) return word;
    if (
      !FLAGS_WITHOUT_VALUE.test(word.raw) &&
      !word.raw.includes('=') &&
      !/^-\w.+/.test(word.raw.replace(/^--.*/, ''))
    )
      i++;
  }
  return undefined;
}

function optionFacts(command: Command, at: (word: Word) => AnyFact['at']): AnyFact[] {
  const each = (names: readonly string[], read: (value: string, word: Word) => AnyFact[]) =>
    optionValues(command, ...names).flatMap(word => (word.value === undefined ? [] : read(word.value, word)));
  return [
    ...each(['-p', '--publish'], (value, word) => {
      const [, host, port, target] = /^(?:(.*):)?(\d+):(\d+)(?:\/tcp)?$/.exec(value) ?? [];
      return port
        ? stated(
            'port.published',
            { port: Number(port), target: Number(target), ...(host ? { host } : {}) },
            at(word),
          )
        : [];
    }),
    ...optionValues(command, '-e', '--env').flatMap(word => {
      const name = /^\w+/.exec(word.raw.replace(/^["']/, ''))?.[0];
      const equals = word.value?.indexOf('=') ?? -1;
      const value = equals >= 0 ? word.value?.slice(equals + 1) : undefined;
      const partly = expanded(word.raw, new Map()).slice((name?.length ?? 0) + 1);
      return name
        ? stated('env', { name, ...(value === undefined ? partlyUrl(partly) : { value }) }, at(word))
        : [];
    }),
    ...each(['--env-file'], (path, word) => stated('env.file', { path, optional: false }, at(word))),
    ...each(['-v', '--volume'], (value, word) => {
      const [source, target, options] = value.split(':');
      if (!source || !target) return [];
      const kind = /^[./~]/.test(source) ? 'bind' : 'volume';
      return stated(
        'volume',
        { kind, source, target, readOnly: options?.split(',').includes('ro') ?? false },
        at(word),
      );
    }),
    ...each(['--tmpfs'], (value, word) => {
      const [target = ''] = value.split(':');
      return stated('volume', { kind: 'scratch', target, readOnly: false }, at(word));
    }),
    ...each(['-m', '--memory'], (value, word) => stated('memory.limit', binarySize(value), at(word))),
    ...each(['--cpus'], (value, word) => stated('cpu.limit', Number(value) * 1_000 || undefined, at(word))),
    ...each(['--restart'], (value, word) => stated('restart', value, at(word))),
    ...each(['-u', '--user'], (name, word) => stated('user', { name }, at(word))),
    ...each(['--stop-timeout'], (value, word) => stated('stop.budget', Number(value) * 1_000, at(word))),
    ...each(['--add-host'], (value, word) => {
      const [name = '', address = ''] = value.split(/[:=](.*)/s);
      return stated('host.extra', { name, address }, at(word));
    }),
    ...securityOptions(command, at),
    ...healthOptions(command, at),
  ];
}
