import { type AnyFact, factsOf } from '../../../artifacts/fact.ts';
import type { Context } from '../../context.ts';
import { alike, type Deployment, deploymentsOf } from '../../deployments.ts';
import { CREDENTIAL, notPassedOn } from '../../passed-on.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited } from '../../words.ts';

export const envMissing: Rule = {
  id: 'cross/env-missing',
  severity: 'error',
  title: 'a variable that a service needs and one platform does not give it',
  why: 'The service starts without its key or address on that platform: it ends at once, or answers every request that needs it with an error.',
  fix: 'Give the variable there too, from a secret of that platform.',
  fixable: 'no',
  example: {
    bad: 'chat.service: (nothing)\ncompose.prod.yaml: OPENAI_API_KEY: ${OPENAI_API_KEY:?}',
    good: 'chat.service: EnvironmentFile=/etc/chat/chat.env\ncompose.prod.yaml: OPENAI_API_KEY: ${OPENAI_API_KEY:?}',
  },
  check: context => [
    ...[...deploymentsOf(context)].flatMap(([service, all]) => findingsOf(context, service, all)),
    ...context.of('shell').flatMap(notPassedOn),
  ],
};

/** What switches something on where it is there, what a platform's own identity stands for, and what has a default in a client. */
const OPTIONAL =
  /^(?:OTEL|SENTRY|DD|NEW_RELIC|LANGFUSE|LANGSMITH|LANGCHAIN|AWS|AZURE|GOOGLE|GCP)_|PROXY|WEBHOOK|CALLBACK|PUBLIC|METRICS|(?:^|_)(?:BASE|APP|SITE|FRONTEND|EXTERNAL)_URL$|API_URL$/;
const DATABASE = /^(?:DATABASE|DB|POSTGRES(?:QL)?|PG|MYSQL)/;

function findingsOf(context: Context, service: string, deployments: readonly Deployment[]): Finding[] {
  const defaults = new Set(
    (context.services.get(service) ?? [])
      .filter(member => member.form === 'image')
      .flatMap(image => factsOf(image, 'env').map(fact => fact.value.name)),
  );
  return deployments
    .filter(each => !each.unseen)
    .flatMap(each =>
      [...wanted(context, each), ...elsewhere(each, deployments)]
        .filter(([name]) => !each.env.has(name) && !defaults.has(name) && !hasOther(each, name))
        .filter(([name], i, all) => all.findIndex(([other]) => other === name) === i)
        .map(([name, related, who]) => ({
          at: each.member.at,
          message: `${each.member.name} is not given ${name} on ${each.platform}, ${who}`,
          related,
        })),
    );
}

type Wanted = readonly [string, Finding['related'] & object, string];

/** What aideploy.yaml says that the service needs. */
function wanted({ model, services }: Context, { service }: Deployment): Wanted[] {
  if (!model) return [];
  const said = services.get(service)?.find(member => member.platform === 'config');
  const own = said && model.services.find(each => each.key === said.aliases[0]);
  if (!own) return [];
  const names = [
    ...Object.keys(own.env).filter(name => needed(name)),
    ...own.secrets.filter(secret => !secret.optional).map(secret => secret.name),
  ];
  const related = [{ ...said.at, message: `${said.aliases[0]} needs it` }];
  return names.map(name => [name, related, 'which aideploy.yaml says that it needs']);
}

/** What others like it are given, where nothing works without. */
const elsewhere = (each: Deployment, all: readonly Deployment[]): Wanted[] =>
  all
    .filter(other => other.platform !== each.platform && alike(other, each))
    .flatMap(other =>
      [...other.env.values()]
        .filter(({ value: { name, secret } }) => needed(name, secret) && !isOfOtherStore(name, other, each))
        .map(
          (fact): Wanted => [
            fact.value.name,
            [cited(fact as AnyFact, `${fact.value.name} on ${other.platform}`)],
            `but it is on ${other.platform}`,
          ],
        ),
    );

const needed = (name: string, secret = false): boolean =>
  !OPTIONAL.test(name) && (secret || CREDENTIAL.test(name));

/** One has its data in a database that three and more variables name, the other knows none of them: it keeps them elsewhere. */
function isOfOtherStore(name: string, there: Deployment, here: Deployment): boolean {
  const family = /^(\w+?)_(?:HOST|PORT|USER|USERNAME|PASSWORD|DATABASE|DB|NAME)$/.exec(name)?.[1];
  const of = ({ env }: Deployment) => [...env.keys()].filter(each => each.startsWith(`${family}_`)).length;
  return family !== undefined && DATABASE.test(family) && of(there) >= 3 && of(here) === 0;
}

/** The same in another form: a file, or an address in parts. */
function hasOther({ env }: Deployment, name: string): boolean {
  const names = [...env.keys()];
  if (names.some(each => each === `${name}_FILE` || each === `${name}_PATH`)) return true;
  const stem = name.split('_', 1)[0] ?? name;
  const isLike = (each: string) =>
    DATABASE.test(name)
      ? DATABASE.test(each)
      : each.startsWith(`${stem}_`) && /^(?:URL|URI|DSN|HOST|ADDR|FILE)/.test(each.slice(stem.length + 1));
  return /(?:URL|URI|DSN|PASSWORD)$/.test(name) && names.some(isLike);
}
