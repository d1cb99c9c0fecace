import type { Edit } from '../../../artifacts/text.ts';
import { unawaited } from '../../commands/rollouts.ts';
import { wordsOf } from '../../commands/verdicts.ts';
import type { Rule } from '../../rule.ts';
import type { Call } from '../../scripts.ts';

export const rolloutNotAwaited: Rule = {
  id: 'script/rollout-not-awaited',
  severity: 'warning',
  title: 'a deploy that ends before anybody knows how it went',
  why: '`apply`, `up` and `upgrade` return as soon as the wish is noted: the pipeline is green while the new pods crash, and the next step, or the next person, builds on a release that does not run.',
  fix: 'Wait and judge: `kubectl rollout status`, `docker compose up --wait`, `helm upgrade --wait`, or a health check with `curl --fail`.',
  fixable: 'safe',
  example: {
    bad: 'kubectl set image deployment/api api=$IMAGE',
    good: 'kubectl set image deployment/api api=$IMAGE\nkubectl rollout status deployment/api --timeout=5m',
  },
  check: context =>
    unawaited(context).map(call => ({
      at: call.at,
      message: `nothing waits for what ${wordsOf(call)} began, or asks whether it is well`,
      edits: awaited(call),
    })),
};

/** `kubectl rollout status` of what it names, behind it; `--wait` where that is a flag. */
function awaited({ command, name, shell, whole }: Call): readonly Edit[] {
  const { text } = shell.document;
  const words = command.words.map(word => word.raw);
  if (/^docker/.test(name) || name === 'podman') {
    const up = command.words.find(word => word.value === 'up');
    return up ? [text.edit(up.end, up.end, ' --wait')] : [];
  }
  if (name === 'helm') return [text.edit(whole.end, whole.end, ' --wait')];
  const target = words.find(word =>
    /^(?:deployment|deploy|statefulset|sts|daemonset|ds)\/[\w.-]+$/.test(word),
  );
  const line = text.content.slice(0, whole.start).split('\n').at(-1) ?? '';
  const alone = /^\s*$/.test(line) && /^[^\S\n]*(?:\n|$)/.test(text.content.slice(whole.end));
  // Lines of a workflow's step are indented by what stands around them.
  if (!target || !alone || shell.host !== shell.document) return [];
  const space = words.findIndex(word => /^(?:-n|--namespace)$/.test(word));
  const namespace =
    space === -1
      ? (words.find(word => word.startsWith('--namespace=')) ?? '')
      : `${words[space]} ${words[space + 1]}`;
  const status = `kubectl ${namespace === '' ? '' : `${namespace} `}rollout status ${target} --timeout=5m`;
  return [text.edit(whole.end, whole.end, `\n${line}${status}`)];
}
