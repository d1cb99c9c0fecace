import { factOf, factsOf } from '../artifacts/fact.ts';
import { type Call, callsOf } from '../artifacts/shell/gcloud.ts';
import type { Context, Member } from './context.ts';

/** Services of Cloud Run, from manifests and from commands. */
export const cloudRunServices = (context: Context): readonly Member[] =>
  context.members.filter(
    member =>
      member.platform === 'cloudrun' &&
      member.form === 'container' &&
      member.longRunning &&
      !isOfCluster(context, member),
  );

const ON_A_CLUSTER =
  /\bkn service\b|\b(?:eventing|messaging|operator|sources)\.knative\.dev\/|\bknative-serving\b/;
const KNATIVE = new WeakMap<Context, boolean>();

/** Its API is Knative's: where the set runs Knative itself, a Service is Google's only if it says so. */
function isOfCluster(context: Context, { document }: Member): boolean {
  if (document.kind !== 'cloudrun' || document.text.content.includes('run.googleapis.com')) return false;
  const known = KNATIVE.get(context);
  if (known !== undefined) return known;
  const found = [...context.texts.values()].some(({ content }) => ON_A_CLUSTER.test(content));
  KNATIVE.set(context, found);
  return found;
}

/** Every call of gcloud in the set. */
export const gcloudCalls = ({ of }: Context): readonly Call[] => of('shell').flatMap(callsOf);

/** https://cloud.google.com/run/docs/container-contract#port */
const PORT = 8080;

/** The one port that requests come in at. */
export const portOf = (member: Member): number =>
  factsOf(member, 'port.listen').find(
    ({ value, note }) => note === undefined && !/^(?:metrics|grpc)$/.test(value.name ?? ''),
  )?.value.port ?? PORT;

/** `Cloud Run service chat`, as messages say it. */
export const titledService = ({ name }: Member): string =>
  name === '' ? 'the Cloud Run service' : `Cloud Run service ${name}`;

/** https://cloud.google.com/run/docs/configuring/services/memory-limits */
const MEMORY = 512 * 1024 * 1024;

/** What an instance has; undefined where another command may have said it. */
export const memoryOf = (member: Member): number | undefined =>
  factOf(member, 'memory.limit')?.value ?? (member.partial ? undefined : MEMORY);

/** A container beside the one that is asked, which alone has ports, may be given its PORT. */
export const isAsked = ({ members }: Context, member: Member): boolean =>
  member.facts.some(
    fact => fact.kind === 'port.listen' && fact.origin === 'explicit' && fact.note !== 'PORT',
  ) ||
  !members.some(
    other => other !== member && other.document === member.document && other.name === member.name,
  );
