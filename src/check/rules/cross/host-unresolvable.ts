import { factsOf } from '../../../artifacts/fact.ts';
import type { Edit } from '../../../artifacts/text.ts';
import { type Address, addressIn, urlOf } from '../../../artifacts/url.ts';
import { at, entriesOf } from '../../../artifacts/yaml.ts';
import { LOOPBACK } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { lineAbove } from '../../yaml-lines.ts';

export const hostUnresolvable: Rule = {
  id: 'cross/host-unresolvable',
  severity: 'error',
  title: 'a dependency under a name that leads nowhere from inside the container',
  why: 'Inside a container localhost is the container itself, and a name is known only if a service of the project bears it: the service starts, and its first call to the dependency fails.',
  fix: 'Name the service of the compose project; for something on the host host.docker.internal with extra_hosts: host.docker.internal:host-gateway.',
  fixable: 'safe',
  example: {
    bad: 'environment: {REDIS_URL: redis://localhost:6379}',
    good: 'environment: {REDIS_URL: redis://cache:6379}',
  },
  check: context => context.members.filter(isInside).flatMap(member => findingsOf(context, member)),
};

const isInside = (member: Member): boolean =>
  /^(?:compose|docker|kubernetes)$/.test(member.platform) &&
  member.form === 'container' &&
  !member.facts.some(
    fact => fact.kind === 'security' && fact.value.setting === 'host-network' && fact.value.value === true,
  );

function findingsOf(context: Context, member: Member): Finding[] {
  return factsOf(member, 'env').flatMap(({ value, at: place }): Finding[] => {
    const { name } = value;
    const address = addressIn(urlOf(value) ?? '');
    const fault = address && faultOf(context, member, address, name);
    return fault
      ? [
          {
            at: place,
            message: `${name} of ${member.name} leads to ${address.host}${fault}`,
            edits: address.host === GATEWAY ? withGateway(member) : [],
          },
        ]
      : [];
  });
}

const GATEWAY = 'host.docker.internal';

/** Linux is told the address of the host, where nothing was told yet. */
function withGateway({ document, name }: Member): readonly Edit[] {
  if (document.kind !== 'compose') return [];
  const service = at(document.body.root, 'services', name);
  return at(service, 'extra_hosts')
    ? []
    : lineAbove(entriesOf(service)[0], `extra_hosts: ["${GATEWAY}:host-gateway"]`);
}

/** Origins, callbacks and its own address are for browsers and others outside. */
const OUTWARD =
  /(?:^|_)(?:ORIGINS?|CORS|CALLBACK|REDIRECT|PUBLIC|EXTERNAL|BASE|WEBHOOK|NEXTAUTH|ROOT|FRONTEND|SITE|APP|SELF|LISTEN|BIND|ADDR|HOST|ISSUER|AUDIENCE)(?:_|$)/;

/** What stands behind these is a bucket, a file or a mere identifier. */
const NO_HOST =
  /^(?:abfss?|api|app|arn|azure|az|docker|file|gcs|gs|hf|oci|r2|s3[an]?|sqlite\S*|spiffe|unix|urn|wasbs?)$/;

/** What is called from inside, although its name speaks of a base or a host. */
const CALLED = /^(?:OLLAMA|OPENAI|ANTHROPIC|LLM|VLLM|EMBEDDINGS?)_/;

function faultOf(
  context: Context,
  member: Member,
  { scheme, host, port }: Address,
  name: string,
): string | undefined {
  if (NO_HOST.test(scheme) || (OUTWARD.test(name) && !CALLED.test(name))) return undefined;
  if (LOOPBACK.test(host))
    return isOwn(context, member, port) ? undefined : ', which inside a container is the container itself';
  if (member.platform !== 'compose') return undefined;
  const extra = factsOf(member, 'host.extra').some(fact => fact.value.name === host);
  if (host === GATEWAY)
    return extra ? undefined : ', which Linux knows only by extra_hosts: host.docker.internal:host-gateway';
  if (host.includes('.') || extra || reachesOthers(member)) return undefined;
  const names = context.members
    .filter(each => each.document === member.document)
    .flatMap(each => [each.name, ...each.aliases].map(alias => alias.toLowerCase()));
  return names.includes(host) ? undefined : ', and no service of the project bears that name';
}

/** A port that it, or in Kubernetes its pod, may listen on itself; or under which others reach it. */
function isOwn(context: Context, member: Member, port: number | undefined): boolean {
  const pod = context.members.filter(
    each =>
      each === member ||
      (each.platform === 'kubernetes' && each.name === member.name && each.document === member.document),
  );
  if (pod.length > 1) return true;
  return (
    port !== undefined &&
    [...factsOf(member, 'port.listen'), ...factsOf(member, 'port.published')].some(
      fact => fact.value.port === port,
    )
  );
}

/** Networks of other projects may bring names that are not known here. */
function reachesOthers({ document }: Member): boolean {
  if (document.kind !== 'compose') return true;
  return (
    entriesOf(at(document.body.root, 'networks')).some(({ value }) => at(value, 'external') !== undefined) ||
    at(document.body.root, 'include') !== undefined
  );
}
