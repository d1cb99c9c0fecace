import type { Context as Checked } from '../../check/context.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit.ts';

/** A view shows what is; whether it is well is asked without --explain. Nothing to show is no answer. */
export async function showView(
  context: Context,
  view: 'graph' | 'shutdown' | 'timeouts',
  checked: Checked,
): Promise<ExitCode> {
  const text = await import('../../report/views-text.ts');
  const show = <T>(key: string, found: T, count: number, write: (found: T) => string): ExitCode => {
    if (context.format === 'json') context.json({ [key]: found });
    else context.result(count > 0 ? write(found) : 'nothing here says anything of it');
    return count > 0 ? EXIT.yes : EXIT.unknown;
  };
  if (view === 'timeouts') {
    const { requestPaths } = await import('../../check/views/timeouts.ts');
    const paths = requestPaths(checked);
    return show('paths', paths, paths.length, text.timeoutsText);
  }
  if (view === 'shutdown') {
    const { stopBudgets } = await import('../../check/views/shutdown.ts');
    const budgets = stopBudgets(checked);
    return show('budgets', budgets, budgets.length, text.shutdownText);
  }
  const { graphOf } = await import('../../check/views/graph.ts');
  const graph = graphOf(checked);
  return show('graph', graph, graph.nodes.length, text.graphMermaid);
}
