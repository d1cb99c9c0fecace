import { factOf, factsOf } from '../../artifacts/fact.ts';
import { backendsOf } from '../backends.ts';
import type { Context, Member } from '../context.ts';

/** What there is, and who calls whom. */
export interface Graph {
  readonly nodes: readonly {
    readonly id: string;
    readonly label: string;
    readonly platform: string;
    readonly ports: readonly number[];
  }[];
  readonly edges: readonly { readonly from: string; readonly to: string; readonly label: string }[];
}

export function graphOf(context: Context): Graph {
  const shown = context.members.filter(member => member.form !== 'image' && member.platform !== 'config');
  const active = shown.filter(
    member => member.form !== 'route' || (factOf(member, 'route')?.value.to.length ?? 0) > 0,
  );
  const ids = new Map(active.map((member, i) => [member, `n${i}`]));
  const id = (member: Member) => ids.get(member) ?? '';
  const routes = active.filter(member => member.form === 'route');
  return {
    nodes: active.map(member => ({
      id: id(member),
      label: labelOf(member),
      platform: member.platform,
      ports: portsOf(member),
    })),
    edges: [
      ...routes.flatMap(route =>
        backendsOf(context, route).map(backend => ({
          from: id(route),
          to: id(backend),
          label: targetOf(route),
        })),
      ),
      ...active.flatMap(member =>
        factsOf(member, 'depends').flatMap(({ value }) =>
          active
            .filter(
              other =>
                other.platform === member.platform &&
                other.document === member.document &&
                other.name === value.name,
            )
            .map(other => ({ from: id(member), to: id(other), label: 'depends on' })),
        ),
      ),
    ],
  };
}

const labelOf = (member: Member): string =>
  `${member.platform}: ${member.name}${member.environment ? ` (${member.environment})` : ''}`;

function portsOf(member: Member): number[] {
  const ports = [
    ...factsOf(member, 'port.listen').map(fact => fact.value.port),
    ...factsOf(member, 'port.published').map(fact => fact.value.port),
  ];
  return [...new Set(ports)].sort((a, b) => a - b);
}

function targetOf(route: Member): string {
  const [first] = factOf(route, 'route')?.value.to ?? [];
  return first?.port ? `:${first.port}` : '';
}
