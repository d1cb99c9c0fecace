import { at, itemsOf, textOfNode } from '../../artifacts/yaml.ts';
import { environmentOf } from '../assemble.ts';
import type { Context } from '../context.ts';
import { type Call, type Shell, shellsOf } from '../scripts.ts';
import { textOf } from './dumps.ts';

/** What starts a rollout and returns before it is over. */
function begins(call: Call): boolean {
  const text = textOf(call).replace(/\\\n/g, ' ');
  if (/--dry-run|--help|\bdiff\b/.test(text)) return false;
  switch (call.name) {
    case 'kubectl':
      return (
        /\skubectl|^kubectl/.test(` ${text}`) &&
        /\s(?:apply|replace|set\s+image|rollout\s+(?:restart|undo)|patch\s+deploy\w*)\b/.test(text) &&
        appliesWorkload(text)
      );
    case 'docker':
    case 'docker-compose':
    case 'podman':
      return /\bup\b.*(?:\s-\w*d\b|--detach)/.test(text) && /compose/.test(text) && !/--wait\b/.test(text);
    case 'helm':
      return (
        /\s(?:upgrade|install)\s/.test(text) &&
        !/--(?:wait|atomic|rollback-on-failure)\b/.test(text) &&
        !/helm\s+(?:repo|plugin)/.test(text)
      );
    default:
      return false;
  }
}

/** Of what is applied from files that are named, some name what nobody waits for. */
const appliesWorkload = (text: string): boolean =>
  !/\s-f\s*-(?:\s|$)/.test(text) &&
  (!/(?:namespace|secret|configmap|crd|rbac|issuer|certificate|ingress|service|pvc|policy|quota|cert-manager|https?:)[\w./-]*(?:\s|$|\.ya?ml)/i.test(
    text.replace(/^.*?\sapply\b/, ''),
  ) ||
    /\srollout\s|\sset\s+image/.test(text));

/** Looks how it went, or waits until it is over. */
const AWAITS =
  /\brollout\s+status|\bkubectl\s[^\n]{0,120}\bwait\b|\bcurl\b|\bwget\b|--wait\b|\bis-active\b|\binspect\b[^\n]{0,80}[Hh]ealth|\bpg_isready\b|\bargocd\b|smoke|health|verify|wait[-_]?for|\bready\b|aideploy\b|\bhttpie?\b|\bnc\s+-z|\bk6\b|playwright/i;

/** Rollouts that nothing behind them waits for, the first of each script, job or guide. */
export function unawaited(context: Context): readonly Call[] {
  const shells = shellsOf(context);
  const called = callers(shells);
  const found: Call[] = [];
  const done = new Set<object>();
  for (const shell of shells) {
    const group = groupOf(shell);
    if (done.has(group) || !isDeploy(shell)) continue;
    const call = shell.calls.findLast(
      each => begins(each) && !each.whole.tested && each.whole.otherwise === undefined && !failsAfter(each),
    );
    if (!call || AWAITS.test(after(shells, call))) continue;
    const name = shell.document.name.split('/').at(-1) ?? '';
    if ((called.get(name) ?? []).some(each => AWAITS.test(each.document.text.content))) continue;
    done.add(group);
    found.push(call);
  }
  return found;
}

/** The way back of a deployment that is reported as failed, whatever comes of it. */
const failsAfter = ({ shell, whole }: Call): boolean =>
  /^[\s;]{0,20}exit\s{1,5}[1-9]/.test(shell.document.text.content.slice(whole.end));

/** A job of a workflow, a guide, a script. */
const groupOf = ({ host, document }: Shell): object => (host.kind === 'markdown' ? host : document);

/** Somebody's own machine, and a first look in a README, are watched. */
function isDeploy({ host, document }: Shell): boolean {
  const environment = environmentOf(document.name);
  if (
    /^(?:dockerfile|crontab)$/.test(host.kind) ||
    (environment !== undefined && !/^(?:production|staging)$/.test(environment))
  )
    return false;
  if (host.kind === 'markdown')
    return (
      /deploy|production|upgrade|release|rollback|runbook|operat/i.test(host.name) &&
      document.name === host.name
    );
  if (host.kind === 'workflow') return true;
  return !/(?:^|[/_.-])(?:dev\w*|local|test\w*|start|up|setup|demo|run|ci|e2e|bootstrap)(?=[/_.-]|$)/i.test(
    document.name.split('/').at(-1) ?? '',
  );
}

/** Everything behind a call: of its script, of later blocks of a guide, of later steps of a job and of jobs that need it. */
function after(shells: readonly Shell[], { at: place, shell, whole }: Call): string {
  const { document, host } = shell;
  const rest = document.text.content.slice(whole.end);
  // What stands before it may be a function or a trap that asks.
  const functions = document.body.functions.length > 0 ? document.text.content : '';
  if (host.kind === 'markdown') return rest + host.text.content.split('\n').slice(place.line).join('\n');
  if (host.kind !== 'workflow') return rest + functions;
  const own = shells.filter(each => each.host === host);
  const later = own.slice(own.indexOf(shell) + 1).map(each => each.document.text.content);
  const uses = host.body.jobs
    .flatMap(job => job.steps.map(step => textOfNode(at(step, 'uses')) ?? ''))
    .filter(each => !/^(?:actions|docker|azure|google-github-actions|aws-actions)\//.test(each));
  const needs =
    host.body.jobs.flatMap(job => itemsOf(at(job.node, 'needs'))).length > 0
      ? host.body.jobs.map(job => job.id.source)
      : [];
  return [rest, ...later, ...uses, ...needs].join('\n');
}

/** The scripts that call one of a name. */
function callers(shells: readonly Shell[]): ReadonlyMap<string, readonly Shell[]> {
  const found = new Map<string, Shell[]>();
  for (const shell of shells)
    for (const { command } of shell.calls)
      for (const word of command.words.slice(0, 2)) {
        const name = /([\w.-]+\.(?:ba)?sh)$/.exec(word.value ?? '')?.[1];
        if (name) found.set(name, [...(found.get(name) ?? []), shell]);
      }
  return found;
}
