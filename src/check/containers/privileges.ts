import { type Fact, factOf, factsOf, type Security } from '../../artifacts/fact.ts';
import { shortName } from '../../artifacts/image.ts';
import { objectSets } from '../../artifacts/kubernetes/kustomize.ts';
import type { Place } from '../../artifacts/text.ts';
import { at, itemsOf, placeOf, textOfNode } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import { membersOf } from '../knowledge.ts';
import type { Finding } from '../rule.ts';
import { isStore } from '../stores.ts';
import { listed } from '../words.ts';
import { imageOf, stagesOf, startsAsRoot } from './images.ts';

/** They look at the host for a living. */
const AGENT =
  /^(?:node-exporter|cadvisor|datadog-agent|agent|promtail|alloy|fluent-bit|fluentd|falco|vector|otel-collector.*)$/;

const GRAVE: Partial<Record<Security['setting'], string>> = {
  'host-ipc': 'shares the IPC of the host',
  'host-network': 'shares the network of the host, past every rule of its own',
  'host-pid': 'sees and signals every process of the host',
  privileged: 'is privileged: root in it is root of the host',
};

export function grave(member: Member): Finding[] {
  const image = factOf(member, 'image')?.value;
  // What a pod is for holds for all of its containers.
  if (AGENT.test(member.name) || (image && AGENT.test(shortName(image)))) return [];
  const settings = factsOf(member, 'security').flatMap(({ value, at }): Finding[] => {
    const said = value.value === true ? GRAVE[value.setting] : undefined;
    if (said) return [{ at, message: `${member.name} ${said}` }];
    const added = value.setting === 'capabilities-added' && Array.isArray(value.value) ? value.value : [];
    const wide = added.filter(name => name === 'ALL' || name === 'SYS_ADMIN');
    return wide.length > 0 ? [{ at, message: `${member.name} has the capability ${listed(wide)}` }] : [];
  });
  const mounts = factsOf(member, 'volume').flatMap(({ value: { kind, source }, at }): Finding[] => {
    if (kind !== 'bind' || !source) return [];
    if (/\/(?:docker|containerd|podman|crio)\.sock$/.test(source))
      return [
        { at, message: `${member.name} has ${source}: it may start any container, also a privileged one` },
      ];
    return source === '/' ? [{ at, message: `${member.name} has the whole file system of the host` }] : [];
  });
  return [...settings, ...mounts];
}

/** A final image that starts as root, where nothing that runs it says another user. */
function rootOf(context: Context, member: Member): string | undefined {
  const user = factOf(member, 'user')?.value.name;
  const base = factOf(member, 'image')?.value;
  const runs = membersOf(context, member).filter(each => each.form === 'container' && each.longRunning);
  if (runs.length > 0 && runs.every(isUnprivileged)) return undefined;
  if (user !== undefined) return isRoot(user) ? `USER ${user}` : undefined;
  // An entry point that steps down itself.
  const text = stagesOf(member)
    .flatMap(stage => stage.instructions.map(each => each.rest.value))
    .join('\n');
  if (/\b(?:gosu|su-exec|setpriv|s6-setuidgid|runuser)\b|docker-entrypoint/.test(text)) return undefined;
  return base && startsAsRoot(base) ? `no USER: ${base.raw} starts as root` : undefined;
}

const isRoot = (user: string): boolean => /^(?:root|0)(?::|$)/.test(user);

const flagOf = (member: Member, setting: Security['setting']): Fact<'security'> | undefined =>
  factsOf(member, 'security').findLast(({ value }) => value.setting === setting);

function isUnprivileged(member: Member): boolean {
  const user = factOf(member, 'user')?.value.name;
  return flagOf(member, 'non-root')?.value.value === true || (user !== undefined && !isRoot(user));
}

/** What is lacking, and where it is refused in so many words. */
interface Lacking {
  readonly what: string;
  readonly at?: Place | undefined;
}

/** What a container of the set's own program leaves open. */
function laxOf(context: Context, member: Member): Lacking[] {
  const image = factOf(member, 'image')?.value;
  if (image && isStore(shortName(image))) return [];
  const kubernetes = member.platform === 'kubernetes';
  if (!kubernetes && (!/^(?:compose|docker)$/.test(member.platform) || !isOwn(context, member))) return [];
  const user = factOf(member, 'user')?.value.name;
  const built = imageOf(context, member);
  const builtUser = built && factOf(built, 'user')?.value.name;
  const dropped = flagOf(member, 'capabilities-dropped')?.value.value;
  const seccomp = flagOf(member, 'seccomp')?.value.value;
  const asRoot =
    user !== undefined
      ? isRoot(user)
      : kubernetes && !isUnprivileged(member) && (builtUser === undefined || !/^[1-9]\d*/.test(builtUser));
  const without = (setting: Security['setting'], what: string): Lacking[] => {
    const flag = flagOf(member, setting);
    return flag?.value.value === true ? [] : [{ what, at: flag?.at }];
  };
  return [
    ...(asRoot
      ? [
          {
            what: kubernetes && user === undefined ? 'runAsNonRoot' : 'a user other than root',
            at: (factOf(member, 'user') ?? flagOf(member, 'non-root'))?.at,
          },
        ]
      : []),
    ...without('no-new-privileges', kubernetes ? 'allowPrivilegeEscalation: false' : 'no-new-privileges'),
    ...(Array.isArray(dropped) && dropped.includes('ALL') ? [] : [{ what: 'dropped capabilities (ALL)' }]),
    ...((kubernetes && seccomp === undefined) || /^unconfined$/i.test(String(seccomp))
      ? [{ what: 'a seccomp profile', at: flagOf(member, 'seccomp')?.at }]
      : []),
    ...without('read-only-root', 'a read-only root file system'),
  ];
}

const isOwn = (context: Context, member: Member): boolean =>
  factOf(member, 'build') !== undefined ||
  membersOf(context, member).some(each => each.form === 'image' || each.platform === 'config');

export function lax(context: Context, member: Member): Finding[] {
  const lacking = laxOf(context, member);
  const [first] = lacking;
  if (!first) return [];
  const at = lacking.every(each => each.at) ? first.at : undefined;
  const message = `${member.name} lacks ${listed(lacking.map(each => each.what))}`;
  return [{ at: at ?? member.at, severity: 'warning', message }];
}

export function root(context: Context, image: Member): Finding[] {
  const said = rootOf(context, image);
  const at = factsOf(image, 'user').at(-1)?.at ?? image.at;
  return said ? [{ at, severity: 'warning', message: `the image runs as root (${said})` }] : [];
}

export function wildcards({ documents }: Context): Finding[] {
  const roles = objectSets(documents).flatMap(({ objects }) =>
    objects.filter(each => /^(?:Cluster)?Role$/.test(each.kind)),
  );
  return roles.flatMap(role =>
    itemsOf(at(role.root, 'rules')).flatMap((rule): Finding[] => {
      const all = (key: string) => itemsOf(at(rule, key)).some(each => textOfNode(each) === '*');
      // A group of its own holds what its name says, the core group the secrets.
      const groups = itemsOf(at(rule, 'apiGroups')).map(textOfNode);
      if (!all('verbs') || !all('resources') || !groups.some(each => each === '*' || each === '')) return [];
      return [{ at: placeOf(rule), message: `${role.kind} ${role.name} may do everything with everything` }];
    }),
  );
}
