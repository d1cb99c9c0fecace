import { setting } from '../../artifacts/systemd/unit.ts';
import type { Edit } from '../../artifacts/text.ts';
import { at, entriesOf, itemsOf, type YamlNode } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import { containerOf } from '../kubernetes/pods.ts';
import { lineAbove } from '../yaml-lines.ts';

/** The edits that give a service a variable, above those that it has. */
export function variableAdded(
  context: Context,
  member: Member,
  name: string,
  value: string,
): readonly Edit[] {
  switch (member.platform) {
    case 'compose': {
      if (member.document.kind !== 'compose') return [];
      const service = at(member.document.body.root, 'services', member.name);
      const environment = at(service, 'environment');
      if (!environment) return lineAbove(entriesOf(service)[0], `environment: {${name}: ${value}}`);
      return environment.kind === 'list'
        ? itemAbove(itemsOf(environment)[0], `${name}=${value}`)
        : lineAbove(entriesOf(environment)[0], `${name}: ${value}`);
    }
    case 'kubernetes': {
      const container = containerOf(context, member)?.container;
      const variable = `{name: ${name}, value: "${value}"}`;
      const env = at(container, 'env');
      return env
        ? itemAbove(itemsOf(env)[0], variable)
        : lineAbove(entriesOf(container)[0], `env: [${variable}]`);
    }
    case 'systemd': {
      if (member.document.kind !== 'systemd') return [];
      const start = setting(member.document.body, 'Service', 'ExecStart');
      const line = `Environment=${name}=${value}\n`;
      return start ? [member.document.text.edit(start.start, start.start, line)] : [];
    }
    default:
      return [];
  }
}

/** An item above the first one of a list, where each stands on lines of its own. */
function itemAbove(first: YamlNode | undefined, item: string): readonly Edit[] {
  if (!first) return [];
  const { text, start } = first;
  const head = text.content.slice(text.content.lastIndexOf('\n', start) + 1, start);
  return /^ *- +$/.test(head) ? [text.edit(start, start, `${item}\n${head}`)] : [];
}
