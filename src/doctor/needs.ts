import { command } from '../exec/command.ts';
import { type BuiltService, isBuilt, type Model } from '../model/model.ts';
import type { Need, Tool } from './tool.ts';
import { TOOLS } from './tools.ts';
import { highest } from './version.ts';

/** What a project asks for: the tools to look at, the versions it needs of them, and what for. */
export interface Wanted {
  readonly tools: readonly Tool[];
  readonly minimums: ReadonlyMap<string, string>;
  readonly needs: readonly Need[];
}

/** Without a configuration every tool is looked at, and none is required. */
export const everything: Wanted = {
  tools: TOOLS,
  minimums: new Map(),
  needs: TOOLS.map(({ id, purpose }) => ({ anyOf: [[id]], purpose, required: false })),
};

/** What the rendered artifacts are used with. A target that this version does not render requires nothing yet. */
export function wantedBy(model: Model, rendered: readonly string[]): Wanted {
  const needs = [
    ...forBuilding(model),
    ...forDeploying(model, rendered),
    ...forDatabase(model),
    ...forJudging(model),
  ];
  const ids = new Set(needs.flatMap(({ anyOf }) => anyOf.flat()));
  const known = [...TOOLS, ...copier(model)].map(tool => withOwnName(tool, model));
  return { tools: known.filter(({ id }) => ids.has(id)), minimums: minimumsOf(model), needs };
}

const need = (tool: string, purpose: string, required: boolean): Need => ({
  anyOf: [[tool]],
  purpose,
  required,
});

function forBuilding(model: Model): Need[] {
  const { docker, compose } = model.targets;
  const built = model.services.filter(isBuilt);
  const needs: Need[] = [];
  if (model.image.tag === undefined)
    needs.push(need('git', 'the tag of a release (git describe); or say --tag', built.length > 0));
  if (docker && built.length > 0)
    needs.push({
      anyOf: [['docker', 'buildx'], ['buildah']],
      purpose: 'docker: building images',
      required: true,
    });
  for (const [language, services] of byLanguage(built)) {
    // An image brings the toolchain it is built with; a program for a host is built here.
    const purpose = `scripts/build.sh: ${services.map(({ key }) => key).join(', ')}`;
    needs.push(need(language, purpose, !docker && !compose));
  }
  return needs;
}

function forDeploying({ targets }: Model, rendered: readonly string[]): Need[] {
  const needs: Need[] = [];
  const add = (target: keyof typeof targets, tool: string, purpose: string, required: boolean) => {
    if (targets[target])
      needs.push(need(tool, `${target}: ${purpose}`, required && rendered.includes(target)));
  };
  if (targets.compose)
    needs.push({
      anyOf: [['docker', 'compose']],
      purpose: 'compose: starting the services',
      required: rendered.includes('compose'),
    });
  add('kubernetes', 'kubectl', 'applying the manifests', true);
  add('kubernetes', 'kustomize', 'looking at an overlay without kubectl', false);
  add('cloudrun', 'gcloud', 'deploying', true);
  add('cloudrun', 'curl', 'verifying a revision before it gets traffic', true);
  add('systemd', 'ssh', 'reaching the hosts', true);
  add('systemd', 'systemd-analyze', 'verifying units, on the host', false);
  add('nginx', 'nginx', 'nginx -t, on the host', false);
  if (targets.windows?.as === 'nssm') add('windows', 'nssm', 'the service, on the Windows host', false);
  return needs;
}

function forDatabase({ database, targets }: Model): Need[] {
  if (!database) return [];
  const needs = [need('psql', 'database: roles, on a machine that reaches it', false)];
  if (!targets.backup) return needs;
  needs.push(need('pg_dump', 'backup: on the host that makes it', false));
  if (database.backup.encrypt) needs.push(need('age', 'backup: encrypting, on that host', false));
  const [program] = database.backup.copyTo ?? [];
  if (program) needs.push(need(program, 'backup: copying it off that host', false));
  return needs;
}

function forJudging({ targets }: Model): Need[] {
  return [
    ...(targets.docker ? [need('hadolint', 'docker: a second opinion', false)] : []),
    need('shellcheck', 'scripts: a second opinion', false),
    ...(targets.monitoring ? [need('promtool', 'monitoring: a second opinion', false)] : []),
  ];
}

function minimumsOf(model: Model): Map<string, string> {
  const minimums = new Map<string, string>();
  for (const [language, services] of byLanguage(model.services.filter(isBuilt))) {
    const version = highest(services.map(service => service.source.version));
    if (version !== undefined) minimums.set(language, version);
  }
  if (model.database) minimums.set('pg_dump', model.database.version.split('.')[0] ?? '');
  // A client may be one minor version older than the cluster: the skew policy of Kubernetes.
  const [major, minor] = model.targets.kubernetes?.version.split('.') ?? [];
  if (major && minor) minimums.set('kubectl', `${major}.${Number(minor) - 1}`);
  return minimums;
}

function byLanguage(services: readonly BuiltService[]): Map<string, BuiltService[]> {
  const groups = new Map<string, BuiltService[]>();
  for (const service of services) {
    const { language } = service.source;
    groups.set(language, [...(groups.get(language) ?? []), service]);
  }
  return groups;
}

/** Debian and others install several interpreters beside each other, each under its version. */
function withOwnName(tool: Tool, model: Model): Tool {
  const version = tool.id === 'python' ? minimumsOf(model).get('python') : undefined;
  if (version === undefined) return tool;
  const [major, minor] = version.split('.');
  return { ...tool, commands: [...tool.commands, command(`python${major}.${minor ?? 0}`, '--version')] };
}

/** The program of backup.copyTo, which may be any. */
function copier({ database }: Model): Tool[] {
  const [program] = database?.backup.copyTo ?? [];
  if (!program || TOOLS.some(({ id }) => id === program)) return [];
  const hint = 'the program that database.backup.copyTo names; it was looked for and not run';
  return [{ id: program, purpose: 'copying backups off the host', commands: [], lookFor: program, hint }];
}
