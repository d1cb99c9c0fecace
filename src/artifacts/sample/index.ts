import type { Kind, Parsed } from '../document.ts';
import { embed, lineStarts, type Text } from '../text.ts';
import type { YamlMap, YamlNode } from '../yaml.ts';
import { readYaml } from '../yaml-reader.ts';
import { LEVEL_KEYS, MESSAGE_KEYS, PART_KEYS, type Sample } from './sample.ts';

export const sample: Kind<'sample'> = {
  id: 'sample',
  title: 'sample of a log or a health answer',
  comment: undefined,
  names: /^(?!)/,
  content: (text, name) => /^\s*\{/.test(text) && whatIs(keysIn(text), text, name) !== undefined,
  parse,
};

/** More lines show nothing new. */
const MOST = 200;
const HEALTHY =
  /"(?:status|state|health)"\s*:\s*"(?:ok|up|pass|healthy|ready|alive|degraded|unhealthy|down|fail|warn)"/i;

/** The keys of the first lines: enough to tell what it is before it is parsed. */
const keysIn = (text: string): readonly string[] =>
  [...text.slice(0, 4_000).matchAll(/"([$\w.@-]{1,60})"\s{0,20}:/g)].map(match =>
    (match[1] ?? '').toLowerCase(),
  );

/** By what it says; and where that could be anything, by its name too. */
function whatIs(keys: readonly string[], text: string, name: string): Sample['what'] | undefined {
  const file = name.split('/').at(-1) ?? '';
  const [level, message] = [LEVEL_KEYS, MESSAGE_KEYS].map(known => keys.some(key => known.has(key)));
  if (keys.includes('apiversion') || keys.includes('$schema')) return undefined;
  if (level && message) return 'log';
  if (HEALTHY.test(text.slice(0, 4_000)))
    return /health|ready|readiness|live/i.test(file) ||
      keys.some(key => PART_KEYS.has(key) || /^(?:uptime\w*|timestamp|version|database|db)$/.test(key))
      ? 'health'
      : undefined;
  return /(?:^|[^a-z])logs?(?:[^a-z]|$)/i.test(file) && (level || message) ? 'log' : undefined;
}

/** An object, or one on each line. What is broken is no sample, and no fault either. */
function parse(text: Text, name: string): Parsed<readonly Sample[]> {
  const what = whatIs(keysIn(text.content), text.content, name);
  if (!what) return { body: [], faults: [] };
  const lines = linesOf(text);
  const each = lines.length > 1 && lines.every(line => /^\{.*\}\s*$/.test(line.content)) ? lines : [text];
  const body = each.flatMap((part): Sample[] => {
    const { roots, faults } = readYaml(part);
    const line = part.content.trim();
    return faults.length > 0
      ? []
      : roots.filter(isMap).map(root => ({ what, root, line: line.includes('\n') ? undefined : line }));
  });
  return { body, faults: [] };
}

const isMap = (node: YamlNode): node is YamlMap => node.kind === 'map';

const linesOf = (text: Text): readonly Text[] =>
  lineStarts(text.content)
    .slice(0, MOST)
    .map(offset => {
      const stop = text.content.indexOf('\n', offset);
      const line = text.content.slice(offset, stop === -1 ? undefined : stop);
      return embed(text, [{ text: line.trimEnd(), offset }]);
    })
    .filter(line => line.content !== '');
