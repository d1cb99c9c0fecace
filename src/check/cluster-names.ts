import { optionValues, unwrapped, valueAt } from '../artifacts/shell/script.ts';
import { expressionsIn } from '../artifacts/workflow/expressions.ts';
import { at, textOfNode } from '../artifacts/yaml.ts';
import type { Context } from './context.ts';

/** The clusters that scripts and workflows of the set speak to by name, and environments of GitHub that may each be one. */
interface Clusters {
  readonly named: ReadonlySet<string>;
  readonly possible: ReadonlySet<string>;
}

export function clustersNamed(context: Context): Clusters {
  const [names, possible] = [new Set<string>(), new Set<string>()];
  for (const { body } of context.of('shell'))
    for (const command of body.commands.map(unwrapped)) {
      for (const { raw } of optionValues(command, '--context', '--kube-context', '--kubeconfig', '--cluster'))
        names.add(raw);
      const credentials = command.words.findIndex(
        word => word.value === 'get-credentials' || word.value === 'use-context',
      );
      const name = credentials === -1 ? undefined : command.words[credentials + 1];
      if (name) names.add(name.raw);
      if (valueAt(command, 0) === 'aws')
        for (const { raw } of optionValues(command, '--name')) names.add(raw);
      // One that a variable names may be any.
      if (name?.value === undefined && name) names.add('another');
    }
  for (const { body } of context.of('workflow')) {
    const environments = body.jobs.filter(job => at(job.node, 'environment')).map(job => job.id.source);
    const secret = expressionsIn(body.root).some(each =>
      each.references.some(({ path }) => /kube|cluster/.test(path[1] ?? '')),
    );
    if (secret) for (const name of environments) possible.add(name);
    for (const job of body.jobs)
      for (const step of job.steps) {
        const cluster =
          textOfNode(at(step, 'with', 'cluster_name')) ?? textOfNode(at(step, 'with', 'cluster-name'));
        if (cluster) names.add(cluster);
      }
  }
  return { named: names, possible };
}
