import type { Context } from '../../context.ts';
import { type HealthUse, healthUses, kindOfPath } from '../../health-use.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';

export const healthPathDiffers: Rule = {
  id: 'cross/health-path-differs',
  severity: 'warning',
  title: 'platforms that ask one service for its health by different paths',
  why: 'One of them asks a path that the service may not have: it answers 404, and a healthy service is restarted without end or never gets a request.',
  fix: 'Ask one path for one purpose everywhere, the one that the service answers.',
  fixable: 'no',
  example: {
    bad: 'HEALTHCHECK CMD curl -f http://localhost:8080/healthz\nlivenessProbe: {httpGet: {path: /health}}',
    good: 'HEALTHCHECK CMD curl -f http://localhost:8080/health\nlivenessProbe: {httpGet: {path: /health}}',
  },
  check: context =>
    oncePerPlace(
      [...healthUses(context)].flatMap(([service, uses]) =>
        uses.some(use => use.member.platform === 'config')
          ? undeclared(context, service, uses)
          : differing(service, uses),
      ),
    ),
};

function undeclared({ model }: Context, service: string, uses: readonly HealthUse[]): Finding[] {
  const said = uses.filter(use => use.member.platform === 'config');
  const own = model?.services.find(each => each.key === said[0]?.member.aliases[0])?.health;
  const paths = [...said.map(use => use.path), own?.startup.path, own?.deep].filter(
    path => path !== undefined,
  );
  const names = listed([...new Set(paths)]);
  return uses
    .filter(use => !paths.includes(use.path))
    .map(use => ({
      at: use.at,
      message: `${whoAsks(use)} asks ${service} for ${use.path}, but aideploy.yaml declares ${names}`,
      related: said.map(({ at, path }) => ({ ...at, message: path })),
    }));
}

const differing = (service: string, uses: readonly HealthUse[]): Finding[] =>
  uses.flatMap((use, i): Finding[] => {
    const other = uses.slice(0, i).find(each => differ(each, use));
    if (!other) return [];
    const message = `${whoAsks(use)} asks ${service} for ${use.path}, and ${whoAsks(other)} for ${other.path}`;
    return [{ at: use.at, message, related: [{ ...other.at, message: other.path }] }];
  });

const whoAsks = ({ member }: HealthUse): string => (member.form === 'image' ? 'the image' : member.platform);

/** For one purpose: the same probe, or paths whose names say the same. */
function differ(a: HealthUse, b: HealthUse): boolean {
  if (a.path === b.path || a.member === b.member) return false;
  if ((a.member.environment ?? 'production') !== (b.member.environment ?? 'production')) return false;
  const [one, other] = [kindOfPath(a.path), kindOfPath(b.path)];
  if (a.role === b.role) return a.member.platform !== b.member.platform || a.member.form !== b.member.form;
  return one === 'general' && other === 'general' && (a.role === 'container' || b.role === 'container');
}
