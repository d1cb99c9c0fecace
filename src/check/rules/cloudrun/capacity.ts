import { factOf, factsOf } from '../../../artifacts/fact.ts';
import { cloudRunServices, memoryOf, titledService } from '../../cloudrun.ts';
import type { Context, Member } from '../../context.ts';
import { providerOf } from '../../providers.ts';
import type { Finding, Rule } from '../../rule.ts';
import { size } from '../../words.ts';

export const capacity: Rule = {
  id: 'cloudrun/capacity',
  severity: ['warning', 'info'],
  title: 'a Cloud Run service whose load is left to defaults',
  why: 'An instance is given up to 80 requests for each CPU where nothing else is said, each with its prompt and answer in memory; and with 100 instances a burst costs as much at the provider of the model. With no instance kept, the first caller waits for a start.',
  fix: "Set --concurrency to what the memory and the model allow, --max-instances to what the provider's limits and the budget allow, and --min-instances=1 where a cold start is too slow.",
  fixable: 'no',
  example: {
    bad: 'gcloud run deploy chat --memory=512Mi',
    good: 'gcloud run deploy chat --memory=1Gi --concurrency=16 --max-instances=10 --min-instances=1',
  },
  check: context => cloudRunServices(context).flatMap(member => findingsOf(context, member)),
};

const LEAST = 32 * 1024 * 1024;

function findingsOf({ model }: Context, member: Member): Finding[] {
  // Who writes the number into aideploy.yaml has chosen it.
  const chosen = model?.targets.cloudrun?.concurrency !== undefined;
  const [concurrency, most, least] = [
    factOf(member, 'concurrency'),
    factOf(member, 'replicas.max'),
    factOf(member, 'replicas'),
  ];
  const memory = memoryOf(member);
  const each =
    concurrency && concurrency.value > 0 && memory !== undefined ? memory / concurrency.value : undefined;
  const provider = providerOf(member);
  const doubts = [
    ...(concurrency || member.partial ? [] : ['no concurrency is set']),
    ...(!chosen && each !== undefined && each < LEAST
      ? [
          `${concurrency?.value} requests at a time share ${size(memory ?? 0)}, ${size(Math.floor(each))} each`,
        ]
      : []),
    ...(provider && !most && !member.partial
      ? [`no maximum of instances is set, and each of them calls a model (${provider})`]
      : []),
  ];
  const cold =
    !member.partial &&
    member.production &&
    (least === undefined || least.value === 0) &&
    factsOf(member, 'traffic').every(({ value }) => value !== 'none');
  return [
    ...(doubts.length > 0
      ? [{ at: concurrency?.at ?? member.at, message: `${titledService(member)}: ${doubts.join('; ')}` }]
      : []),
    ...(cold
      ? [
          {
            at: least?.at ?? member.at,
            severity: 'info' as const,
            message: `${titledService(member)} keeps no instance: the first request after a pause waits for a start`,
          },
        ]
      : []),
  ];
}
