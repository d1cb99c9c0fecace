import { type Fact, factOf, factsOf } from '../../../artifacts/fact.ts';
import { nearest } from '../../../config/nearest.ts';
import type { Context, Member } from '../../context.ts';
import { membersOf } from '../../knowledge.ts';
import { oncePerPlace } from '../../once.ts';
import { OTEL_ELSEWHERE, OTEL_VARIABLES } from '../../otel.ts';
import type { Finding, Rule } from '../../rule.ts';
import { SERVER_VARIABLES } from '../../server-variables.ts';

export const envUnread: Rule = {
  id: 'cross/env-unread',
  severity: ['warning', 'info'],
  title: 'a variable that nothing reads',
  why: 'Somebody set it to change something, and nothing changed: the server keeps its default although the artifact says otherwise.',
  fix: 'Name it as the program does, read it in the configuration of the server, or leave it out.',
  fixable: 'no',
  example: {
    bad: 'environment: {GUNICORN_WORKERS: 4}',
    good: 'environment: {WEB_CONCURRENCY: 4}',
  },
  check: context =>
    oncePerPlace(
      context.members
        .filter(member => member.longRunning && member.platform !== 'config')
        .flatMap(member =>
          factsOf(member, 'env').flatMap(fact => [
            ...ofServer(context, member, fact),
            ...ofTraces(context, member, fact),
            ...misspelt(context, member, fact),
          ]),
        ),
    ),
};

/** Silent where a file is missing that may read it, or an image does more than its server. */
function ofServer(context: Context, member: Member, { value: { name }, at }: Fact<'env'>): Finding[] {
  const known = SERVER_VARIABLES.find(each => each.prefix.test(name));
  if (!known || !context.closed) return [];
  const all = [member, ...membersOf(context, member).filter(each => each.form === 'image')];
  const server = all.flatMap(each => factOf(each, 'server') ?? [])[0];
  if (!server || (server.value.program === known.program && known.reads(name))) return [];
  const based = all.some(each => /gunicorn|uvicorn/.test(factOf(each, 'image')?.value.repository ?? ''));
  if (based || isRead(context, name)) return [];
  const says =
    server.value.program === known.program
      ? known.says
      : `${server.value.program} starts the service, and does not read variables of ${known.program}`;
  const related = [{ ...server.at, message: `${server.value.program} is started here` }];
  return [{ at, message: `nothing reads ${name} of ${member.name}: ${says}`, related }];
}

/** Some file asks for it, or for all of its prefix: a configuration in Python, a script. */
function isRead({ texts }: Context, name: string): boolean {
  const [prefix] = /^[A-Z]+_/.exec(name) ?? [name];
  const read = new RegExp(
    `(?:environ|getenv|env)\\b[^\\n]{0,30}\\b(?:${name}\\b|${prefix}["'{])|\\$\\{?${name}\\b`,
  );
  return [...texts.values()].some(text => text.content.includes(prefix) && read.test(text.content));
}

function ofTraces(context: Context, member: Member, { value: { name }, at }: Fact<'env'>): Finding[] {
  if (!name.startsWith('OTEL_') || OTEL_VARIABLES.has(name) || OTEL_ELSEWHERE.test(name)) return [];
  if (namesOf(context, member)?.includes(name) || isRead(context, name)) return [];
  const meant = nearest(name, [...OTEL_VARIABLES]);
  const message = `${name} is no variable of OpenTelemetry${meant ? `: ${meant} is` : ''}`;
  return [{ at, severity: 'info', message }];
}

/** What aideploy.yaml gives the service. */
function namesOf({ model }: Context, member: Member): readonly string[] | undefined {
  const service = model?.services.find(each => each.unit === member.service || each.key === member.service);
  return service && [...Object.keys(service.env), ...service.secrets.map(secret => secret.name)];
}

/** Nearly a name of aideploy.yaml, which the service is not given. */
function misspelt(context: Context, member: Member, { value: { name }, at }: Fact<'env'>): Finding[] {
  const names = namesOf(context, member);
  if (!names || names.includes(name)) return [];
  const given = new Set(factsOf(member, 'env').map(fact => fact.value.name));
  const meant = nearest(
    name,
    names.filter(each => !given.has(each)),
  );
  if (!meant) return [];
  const message = `${name} is not among the variables of ${member.name} in aideploy.yaml: ${meant} is`;
  return [{ at, severity: 'info', message }];
}
