import { variableDuration } from '../../../artifacts/quantities.ts';
import { looksSecret } from '../../../config/schema/secret-formats.ts';
import { alike, type Deployment, deploymentsOf } from '../../deployments.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited } from '../../words.ts';

export const envDiffers: Rule = {
  id: 'cross/env-differs',
  severity: 'warning',
  title: 'one variable of a service with another value on another platform',
  why: 'The same version behaves differently depending on where it runs: what was tried on one platform says nothing of the other, and whoever changes the value in one place believes it changed in both.',
  fix: 'Give the variable one value, or say in aideploy.yaml what differs by environment.',
  fixable: 'no',
  example: {
    bad: 'compose.prod.yaml: LLM_MODEL: small\nchat.service: Environment=LLM_MODEL=large',
    good: 'compose.prod.yaml: LLM_MODEL: large\nchat.service: Environment=LLM_MODEL=large',
  },
  check: context => [...deploymentsOf(context).values()].flatMap(findingsOf),
};

/** What depends on where a process runs: addresses, paths, and numbers sized for a machine. */
const OF_THE_PLACE =
  /(?:^|_)(?:HOST(?:NAME|S)?|BIND|LISTEN|PORT|ADDR(?:ESS)?|URLS?|URI|DSN|ENDPOINTS?|ORIGINS?|PATH|DIR|FILE|HOME|ROOT|SOCKET|PROXY|NODE|POD|REGION|ZONE|PLATFORM|INSTANCE|WORKERS?|THREADS?|CONCURRENCY|POOL|POOL_SIZE|GOMAXPROCS|GOMEMLIMIT|GOGC|MEMORY|REPLICAS|CPUS?|ATTRIBUTES|IPS?)(?:_|$)/;
/** A process is stopped in another way on each platform. */
const OF_THE_STOP = /SHUTDOWN|DRAIN|GRACE/;
const OF_THE_ENVIRONMENT = /(?:^|_)(?:ENV|ENVIRONMENT|STAGE|PROFILE)$/;
const ADDRESS = /^(?:[/~]|\.{1,2}\/|[a-z][a-z0-9+.-]*:\/\/)|^[\w.-]*:\d+$|^\d+(?:\.\d+){3}/i;

const comparedValue = (deployment: Deployment, name: string): string | undefined => {
  const value = deployment.env.get(name)?.value.value;
  return value === undefined || /[${}<>\\\n"']/.test(value) || ADDRESS.test(value) || looksSecret(value, name)
    ? undefined
    : meaning(value);
};

/** `30` and `30s`, `on` and `True` are often the same. */
function meaning(value: string): string {
  if (/^(?:true|yes|on|1)$/i.test(value)) return 'true';
  if (/^(?:false|no|off|0)$/i.test(value)) return 'false';
  const time = variableDuration(/^\d+$/.test(value) ? `${value}s` : value);
  return time === undefined ? value : `${time}ms`;
}

function findingsOf(deployments: readonly Deployment[]): Finding[] {
  return deployments.flatMap((each, i): Finding[] => {
    const before = deployments
      .slice(0, i)
      .filter(other => other.platform !== each.platform && comparable(other, each));
    return [...each.env].flatMap(([name, fact]): Finding[] => {
      if (OF_THE_PLACE.test(name) || OF_THE_STOP.test(name)) return [];
      const value = comparedValue(each, name);
      const other = before.find(one => {
        const there = comparedValue(one, name);
        return there !== undefined && value !== undefined && there !== value;
      });
      const there = other?.env.get(name);
      if (!other || !there) return [];
      const message = `${each.service} runs with ${name}=${fact.value.value} on ${each.platform}, and with ${there.value.value} on ${other.platform}`;
      return [{ at: fact.at, message, related: [cited(there, `${name}=${there.value.value}`)] }];
    });
  });
}

/** Those that say that they are for different environments are meant to differ. */
const comparable = (a: Deployment, b: Deployment): boolean =>
  alike(a, b) &&
  [...a.env].every(
    ([name, fact]) =>
      !OF_THE_ENVIRONMENT.test(name) ||
      (b.env.get(name)?.value.value ?? fact.value.value) === fact.value.value,
  );
