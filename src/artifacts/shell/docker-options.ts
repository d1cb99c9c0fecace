import { capability } from '../capability.ts';
import { type AnyFact, type Security, stated } from '../fact.ts';
import { type Command, hasOption, optionValues, type Word } from './script.ts';

type At = (word: Word) => AnyFact['at'];

/** https://docs.docker.com/reference/cli/docker/container/run/ */
export function securityOptions(command: Command, at: At): AnyFact[] {
  const valued = (names: readonly string[], read: (value: string) => Security | undefined) =>
    optionValues(command, ...names).flatMap(word => {
      const value = word.value === undefined ? undefined : read(word.value);
      return value ? stated('security', value, at(word)) : [];
    });
  const host = (names: readonly string[], setting: Security['setting']) =>
    valued(names, value => (value === 'host' ? { setting, value: true } : undefined));
  const bare = (name: string, setting: Security['setting']) =>
    command.words
      .filter(word => word.raw === name)
      .flatMap(word => stated('security', { setting, value: true }, at(word)));
  return [
    ...bare('--privileged', 'privileged'),
    ...bare('--read-only', 'read-only-root'),
    ...host(['--network', '--net'], 'host-network'),
    ...host(['--pid'], 'host-pid'),
    ...host(['--ipc'], 'host-ipc'),
    ...valued(['--cap-add'], name => ({ setting: 'capabilities-added', value: [capability(name)] })),
    ...valued(['--cap-drop'], name => ({ setting: 'capabilities-dropped', value: [capability(name)] })),
    ...valued(['--security-opt'], value => {
      const [name, given] = value.split(/[:=](.*)/s);
      if (name === 'no-new-privileges') return { setting: 'no-new-privileges', value: given !== 'false' };
      return name === 'seccomp' ? { setting: 'seccomp', value: given ?? '' } : undefined;
    }),
  ];
}

export function healthOptions(command: Command, at: At): AnyFact[] {
  if (hasOption(command, '--no-healthcheck')) return [];
  return optionValues(command, '--health-cmd').flatMap(word =>
    stated('health', { role: 'container', command: ['sh', '-c', word.value ?? word.raw] }, at(word)),
  );
}
