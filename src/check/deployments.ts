import { type Fact, factsOf } from '../artifacts/fact.ts';
import type { Context, Member } from './context.ts';
import { envFileAt } from './environment.ts';

/** A service as one artifact runs it: the containers of one pod, or one container or process alone. */
export interface Deployment {
  readonly service: string;
  readonly platform: Member['platform'];
  readonly environment: string | undefined;
  /** Where it is told what to run. */
  readonly member: Member;
  /** What it is given, by name: the last written holds. */
  readonly env: ReadonlyMap<string, Fact<'env'>>;
  /** More variables may reach it from where nobody looked. */
  readonly unseen: boolean;
}

/** Where a service runs for its users, by service: not for a developer, and not once. */
export function deploymentsOf(context: Context): ReadonlyMap<string, readonly Deployment[]> {
  const services = new Map<string, readonly Deployment[]>();
  for (const [service, members] of context.services) {
    const together = new Map<string, Member[]>();
    for (const member of members.filter(isOperated)) {
      const key = [member.platform, member.document.name, member.scope, member.name].join('\0');
      together.set(key, [...(together.get(key) ?? []), member]);
    }
    services.set(
      service,
      [...together.values()].flatMap(group => deploymentOf(context, service, group) ?? []),
    );
  }
  return services;
}

function deploymentOf(context: Context, service: string, group: readonly Member[]): Deployment | undefined {
  const [member] = group;
  if (!member) return undefined;
  return {
    service,
    platform: member.platform,
    environment: member.environment,
    member,
    env: new Map(group.flatMap(each => factsOf(each, 'env').map(fact => [fact.value.name, fact]))),
    unseen: group.some(each => isUnseen(context, each)),
  };
}

/** A compose file that restarts nothing is for somebody who watches it. */
export function isOperated(member: Member): boolean {
  if (!member.longRunning || !member.production || !/^(?:container|process)$/.test(member.form)) return false;
  if (member.platform === 'config') return false;
  const byHand = member.platform === 'compose' || member.platform === 'docker';
  if (!byHand || member.environment === 'production') return true;
  return factsOf(member, 'restart').some(fact => fact.value !== 'no');
}

const SETTINGS = /\.(?:env|ya?ml|toml|json|ini|conf|properties)$|secrets?(?:\/|$)/;

/** Files and secrets that the set does not hold, and commands that may set variables themselves. */
function isUnseen({ documents }: Context, member: Member): boolean {
  return (
    factsOf(member, 'env.unseen').length > 0 ||
    // Settings may stand in a file that is mounted.
    factsOf(member, 'volume').some(
      ({ value: { kind, source = '' } }) => kind === 'config' || (kind === 'bind' && SETTINGS.test(source)),
    ) ||
    factsOf(member, 'env.file').some(file => !envFileAt(file.value.path, member.document, documents)) ||
    factsOf(member, 'command').some(({ value }) => value.shell || /\.(?:ba|z)?sh$/.test(value.words[0] ?? ''))
  );
}

/** Two that should be alike: what runs for the same people. What a guide shows is an example beside the files themselves. */
export const alike = (a: Deployment, b: Deployment): boolean =>
  (a.environment ?? 'production') === (b.environment ?? 'production') && guideOf(a) === guideOf(b);

const guideOf = ({ member }: Deployment): string | undefined =>
  /\.(?:md|markdown)$/i.test(member.document.text.file) ? member.document.text.file : undefined;
