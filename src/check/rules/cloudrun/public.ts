import { factOf, factsOf } from '../../../artifacts/fact.ts';
import { flagOf, knownValue } from '../../../artifacts/shell/gcloud.ts';
import { cloudRunServices, gcloudCalls, portOf, titledService } from '../../cloudrun.ts';
import type { Context, Member } from '../../context.ts';
import { membersOf } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';

export const publicService: Rule = {
  id: 'cloudrun/public',
  severity: ['error', 'warning'],
  title: 'a Cloud Run service that anybody may call',
  why: "Whoever finds the URL, which is no secret, spends your money at the model's provider; and the one port of Cloud Run shows all that the program serves there, metrics and profiles included.",
  fix: 'Deploy with --no-allow-unauthenticated and give roles/run.invoker to its callers; or keep a public service, with a login of its own, and say public: true in aideploy.yaml.',
  fixable: 'no',
  example: {
    bad: 'gcloud run deploy chat --allow-unauthenticated',
    good: 'gcloud run deploy chat --no-allow-unauthenticated',
  },
  check: context => [
    ...cloudRunServices(context).flatMap((member): Finding[] => {
      const open = factsOf(member, 'exposure').at(-1);
      return open?.value === 'public' ? findingsOf(context, member, open.at) : [];
    }),
    ...granted(context),
  ],
};

function findingsOf(context: Context, member: Member, at: Member['at']): Finding[] {
  const config = membersOf(context, member).find(each => each.platform === 'config');
  const service = context.model?.services.find(({ unit }) => unit === config?.name);
  if (service?.publicPath !== undefined) return [];
  const shared = sharedOf(context, member);
  const message = `anybody may call ${titledService(member)}${shared ? `, and ${shared.said} at the same port` : ''}`;
  return [
    {
      at,
      severity: shared ? 'error' : 'warning',
      message,
      related: shared ? [{ ...shared.at, message: shared.said }] : [],
    },
  ];
}

/** Whoever is in this group, which is everybody. */
function granted(context: Context): Finding[] {
  const services = cloudRunServices(context);
  return gcloudCalls(context)
    .filter(each => each.path === 'run services add-iam-policy-binding')
    .flatMap((call): Finding[] => {
      const [member, role] = ['member', 'role'].map(name => knownValue(flagOf(call, name)));
      if (!/^all(?:Authenticated)?Users$/.test(member ?? '') || role !== 'roles/run.invoker') return [];
      const service = services.find(({ name }) => name !== '' && name === call.names[0]);
      const place = flagOf(call, 'member')?.at ?? call.at;
      const open = service && factOf(service, 'exposure')?.value === 'public';
      if (open) return [];
      if (service) return findingsOf(context, service, place);
      return [
        {
          at: place,
          severity: 'warning',
          message: `anybody may call the Cloud Run service ${call.names[0] ?? ''}`.trim(),
        },
      ];
    });
}

/** What else is served at the port that requests come in at. */
function sharedOf(context: Context, member: Member): { said: string; at: Member['at'] } | undefined {
  const port = portOf(member);
  const metrics = membersOf(context, member)
    .flatMap(each => factsOf(each, 'port.listen'))
    .find(({ value }) => value.name === 'metrics' && value.port === port);
  if (metrics) return { said: 'its metrics are served', at: metrics.at };
  const variables = factsOf(member, 'env');
  if (variables.some(({ value }) => /(?:METRICS|ADMIN|DEBUG|PPROF)_PORT$/.test(value.name))) return undefined;
  const shown = variables.find(
    ({ value }) =>
      /^(?:\w+_)?(?:(?:ENABLE|SERVE)_(?:METRICS|PPROF|ADMIN)|(?:METRICS|PPROF|ADMIN|PROMETHEUS)_ENABLED)$/.test(
        value.name,
      ) && /^(?:1|true|yes|on)$/i.test(value.value ?? ''),
  );
  return shown && { said: `${shown.value.name} is on`, at: shown.at };
}
