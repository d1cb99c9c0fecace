import type { Document, Embedded, Kind, Parsed } from '../document.ts';
import type { Text } from '../text.ts';
import { at, entriesOf, itemsOf, textOfNode, textWithin, type YamlNode } from '../yaml.ts';
import { parseMapping } from '../yaml-mapping.ts';
import type { Workflow } from './workflow.ts';

export const workflow: Kind<'workflow'> = {
  id: 'workflow',
  title: 'GitHub workflow',
  comment: '#',
  names: /(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/,
  content: text => /^jobs:/m.test(text) && /^["']?on["']?:/m.test(text) && /^\s+runs-on:/m.test(text),
  parse,
  embedded,
};

function parse(text: Text): Parsed<Workflow> {
  const { body: root, faults } = parseMapping(text, 'a workflow', 'jobs');
  if (!root) return { faults };
  const jobs = entriesOf(at(root, 'jobs')).map(({ key, value }) => ({
    id: key,
    node: value,
    steps: itemsOf(at(value, 'steps')),
  }));
  return { body: { root, jobs }, faults };
}

/** `run:` blocks, with expressions in the place of which a variable stands: they are filled in before the shell starts. */
function embedded({ body }: Document<'workflow'>): readonly Embedded[] {
  const shellOf = (node: YamlNode | undefined) => textOfNode(at(node, 'defaults', 'run', 'shell'));
  return body.jobs.flatMap(job =>
    job.steps.flatMap((step): Embedded[] => {
      const run = at(step, 'run');
      const shell = textOfNode(at(step, 'shell')) ?? shellOf(job.node) ?? shellOf(body.root) ?? 'bash';
      if (run?.kind !== 'scalar' || !/^(?:ba)?sh\b/.test(shell)) return [];
      const text = textWithin(run);
      return [{ text: { ...text, content: masked(text.content) }, kind: 'shell' }];
    }),
  );
}

/** `${{ github.sha }}` → `${E___________}`: of the same length, and a variable that no script sets. */
const masked = (content: string): string =>
  content.replace(/\$\{\{[^}]*\}\}/g, whole => `\${E${'_'.repeat(whole.length - 4)}}`);
