import kleur from 'kleur';
import type { Graph } from '../check/views/graph.ts';
import type { StopBudget } from '../check/views/shutdown.ts';
import type { RequestPath } from '../check/views/timeouts.ts';
import { line } from './plain.ts';

const seconds = (milliseconds: number): string =>
  Number.isFinite(milliseconds) ? `${Math.round(milliseconds) / 1_000}s` : 'no limit';

/** `--explain timeouts`: each path with the limit of each hop. */
export function timeoutsText(paths: readonly RequestPath[]): string {
  return paths
    .map(({ service, entrance, environment, longest, hops }) => {
      const title = `${kleur.bold(line(entrance))} -> ${line(service)}${environment ? ` (${environment})` : ''}`;
      const need = longest
        ? `  ${longest.what} takes ${seconds(longest.milliseconds)} (${longest.at.file}:${longest.at.line})`
        : '  how long a request may take is not said anywhere';
      const cut = hops.find(hop => hop.cuts);
      const rows = hops.map(hop => {
        const limit = hop.milliseconds === undefined ? '?' : seconds(hop.milliseconds);
        const said = hop.note ? `, ${line(hop.note)}` : '';
        const mark = hop === cut ? kleur.red(' <- cuts it') : '';
        return `  -> ${line(hop.name)} ${hop.limits} ${kleur.bold(limit)} (${hop.at.file}:${hop.at.line}${said})${mark}`;
      });
      return [title, need, '  client', ...rows].join('\n');
    })
    .join('\n\n');
}

/** `--explain shutdown`: the budgets side by side. */
export function shutdownText(budgets: readonly StopBudget[]): string {
  const head = ['service', 'platform', 'name', 'budget', 'before', 'drain', 'left', 'stated at'];
  const rows = budgets.map(each => [
    line(each.service),
    each.platform,
    `${line(each.name)}${each.environment ? ` (${each.environment})` : ''}`,
    seconds(each.budget.milliseconds) + (each.budget.note?.includes('default') ? '*' : ''),
    each.before ? seconds(each.before.milliseconds) : '-',
    each.drain ? seconds(each.drain.milliseconds) : '?',
    each.left === undefined ? '?' : each.left > 0 ? seconds(each.left) : `${seconds(each.left)} killed`,
    `${each.budget.at.file}:${each.budget.at.line}`,
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i]?.length ?? 0)));
  const text = [head, ...rows].map(row =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const defaults = budgets.some(each => each.budget.note?.includes('default'))
    ? ['', "* the platform's default"]
    : [];
  return [...text, ...defaults].join('\n');
}

/** `--explain graph`: https://mermaid.js.org/syntax/flowchart.html */
export function graphMermaid({ nodes, edges }: Graph): string {
  const text = (value: string) =>
    line(value).replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;');
  return [
    'flowchart LR',
    ...nodes.map(
      ({ id, label, ports }) =>
        `  ${id}["${text(label)}${ports.length > 0 ? `<br>${ports.join(', ')}` : ''}"]`,
    ),
    ...edges.map(({ from, to, label }) =>
      label ? `  ${from} -->|"${text(label)}"| ${to}` : `  ${from} --> ${to}`,
    ),
  ].join('\n');
}
