import { capability } from '../capability.ts';
import { type AnyFact, type Security, stated } from '../fact.ts';
import { at, booleanOf, itemsOf, placeOf, textOfNode, type YamlNode } from '../yaml.ts';

export function securityFacts(layer: YamlNode): AnyFact[] {
  const flag = (key: string, setting: Security['setting']) => {
    const node = at(layer, key);
    const value = booleanOf(node);
    return node && value !== undefined ? stated('security', { setting, value }, placeOf(node)) : [];
  };
  const host = (key: string, setting: Security['setting']) => {
    const node = at(layer, key);
    return node && textOfNode(node) === 'host'
      ? stated('security', { setting, value: true }, placeOf(node))
      : [];
  };
  const names = (key: string, setting: Security['setting']) => {
    const node = at(layer, key);
    const value = itemsOf(node).map(item => capability(textOfNode(item) ?? ''));
    return node ? stated('security', { setting, value }, placeOf(node)) : [];
  };
  return [
    ...flag('privileged', 'privileged'),
    ...flag('read_only', 'read-only-root'),
    ...host('network_mode', 'host-network'),
    ...host('pid', 'host-pid'),
    ...host('ipc', 'host-ipc'),
    ...names('cap_add', 'capabilities-added'),
    ...names('cap_drop', 'capabilities-dropped'),
    ...itemsOf(at(layer, 'security_opt')).flatMap(option),
  ];
}

function option(item: YamlNode): AnyFact[] {
  const [, name, value] = /^([\w-]+)(?:[:=](.+))?$/.exec(textOfNode(item) ?? '') ?? [];
  if (name === 'no-new-privileges')
    return stated('security', { setting: 'no-new-privileges', value: value !== 'false' }, placeOf(item));
  return name === 'seccomp'
    ? stated('security', { setting: 'seccomp', value: value ?? '' }, placeOf(item))
    : [];
}
