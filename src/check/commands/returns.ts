import { imageReference } from '../../artifacts/image.ts';
import { optionValues } from '../../artifacts/shell/script.ts';
import { environmentOf } from '../assemble.ts';
import type { Context } from '../context.ts';
import { allCalls, type Call, callsOf } from '../scripts.ts';
import { textOf } from './dumps.ts';
import { rollbackParts } from './recovery.ts';

interface Way {
  readonly platform: string;
  readonly deploys: RegExp;
  /** Commands that go back by themselves, wherever they stand. */
  readonly returns: RegExp;
  /** What does the same in a script or section that is about going back. */
  readonly again: RegExp;
}

const WAYS: readonly Way[] = [
  {
    platform: 'Kubernetes',
    deploys:
      /\bkubectl\s(?:.{0,80}\s)?(?:apply\s.{0,40}-[fk]\s|set\s+image\s|rollout\s+restart)|\bhelm\s+upgrade\b/,
    returns: /rollout\s+undo|helm\s+rollback|argocd|\bflux\b|--atomic|--rollback-on-failure/,
    again: /\bkubectl\b|\bhelm\b/,
  },
  {
    platform: 'Cloud Run',
    deploys: /\bgcloud\s+(?:beta\s+)?run\s+(?:deploy|services\s+replace)\b/,
    returns: /--to-revisions|--to-tags/,
    again: /\bgcloud\b/,
  },
  {
    platform: 'Compose',
    deploys: /\b(?:docker\s+compose|docker-compose)\s.{0,120}\bup\s.{0,40}-\w*d/,
    // Whoever names the version names the former one.
    returns: /image:\s*\S*\$\{?\w*(?:VERSION|TAG|SHA|IMAGE)\w*/,
    again: /\bdocker(?:-compose)?\b/,
  },
  {
    platform: 'systemd',
    deploys: /\bsystemctl\s.{0,60}restart\s/,
    returns: /\bln\s+-\w*s\w*\b.{0,200}(?:current|releases)|\.(?:bak|prev|previous|old)\b/,
    again: /\bsystemctl\b/,
  },
];

interface Deploy {
  readonly call: Call;
  readonly platform: string;
}

/** The first deploy to each platform that has no way back. */
export function withoutReturn(context: Context): readonly Deploy[] {
  if (context.complaints.some(each => each.rule === 'file/skipped')) return [];
  const back = rollbackParts(context)
    .map(each => each.text)
    .join('\n');
  const texts = [...context.texts.values()].map(each => each.content);
  const calls = allCalls(context).filter(isDeploy);
  return WAYS.flatMap(({ platform, deploys, returns, again }): Deploy[] => {
    const call = calls.find(
      each =>
        deploys.test(textOf(each).replace(/\\\n/g, ' ')) &&
        (platform !== 'systemd' || installs(context, each)),
    );
    if (!call || again.test(back) || texts.some(text => returns.test(text))) return [];
    return [{ call, platform }];
  });
}

/** A step of a script or guide that is about deploying for others, not of somebody's first try. */
function isDeploy({ shell: { document, host } }: Call): boolean {
  const environment = environmentOf(document.name);
  if (environment !== undefined && environment !== 'production') return false;
  const name = (host.kind === 'workflow' ? host.name : document.name).split('/').at(-1) ?? '';
  if (/(?:^|[_.-])(?:pr|preview|review|test|e2e)(?=[_.-]|$)/i.test(name)) return false;
  return (
    /(?:^|[/_.-])(?:deploy\w*|release|upgrade|production|prod|cd)(?=[/_.-]|$)/i.test(name) ||
    (host.kind === 'workflow' && /\benvironment:\s*\S/.test(host.text.content))
  );
}

/** It brings a new program of a unit of the set, and restarts that. */
function installs({ of }: Context, call: Call): boolean {
  const named = of('systemd').some(({ body }) => textOf(call).includes(body.name.replace(/\.\w+$/, '')));
  const brings = /\b(?:install\s+-|cp|scp|rsync|mv|tar\s+-?\w*x|git\s+pull|go\s+build)\b/;
  return named && brings.test(call.shell.document.text.content);
}

const MOVING = /^(?:latest|stable|main|master|prod|production|current)$/;

/** Builds in deploys that give every image one name. */
export function overwritten(context: Context): readonly { readonly call: Call; readonly image: string }[] {
  return callsOf(context, 'docker', 'podman').flatMap(call => {
    const { content } = call.shell.document.text;
    if (
      !/\bbuild\b/.test(call.command.words[1]?.value ?? '') ||
      !isDeploy(call) ||
      call.shell.host.kind === 'workflow'
    )
      return [];
    if (
      /\bdocker\s+(?:image\s+)?tag\b/.test(content) ||
      !/\bdocker\s+(?:compose|run|stop)\b|docker-compose/.test(content)
    )
      return [];
    const tags = optionValues(call.command, '-t', '--tag');
    const image = tags.length === 1 ? tags[0]?.value : undefined;
    const reference = image === undefined ? undefined : imageReference(image);
    return image && reference && (reference.tag === undefined || MOVING.test(reference.tag))
      ? [{ call, image }]
      : [];
  });
}
