import {
  certificateName,
  hasSecrets,
  isStateful,
  overlayOf,
  SECRETS_FOLDER,
  TAG_UNSET,
  workloadOf,
} from '../../model/cluster.ts';
import { migrating, migrationName, ownDatabase } from '../../model/companions.ts';
import { type Model, type Service, servicesOf } from '../../model/model.ts';
import { PRODUCTION } from '../../model/namespace.ts';
import { shellWord } from '../../render/escape/shell.ts';
import { clusterLogin, clusterNeeds } from './cluster-needs.ts';

/** Commands of Kubernetes for installing, upgrading and going back. */
export function kubernetesView(model: Model): object {
  const kubectl = `kubectl --namespace ${shellWord(model.namespace)}`;
  const overlay = shellWord(overlayOf(model));
  const carried = servicesOf(model, 'kubernetes').filter(({ kind }) => kind !== 'job');
  const rollout = (verb: string, services: readonly Service[]) =>
    services.map(service => `${kubectl} rollout ${verb} ${shellWord(workloadOf(service))}`);
  const ours = carried.filter(({ source }) => source.kind === 'built');
  // Where no file holds the tag, it is put in on the way.
  // As a value of its own it is quoted, since YAML reads a version such as 1.4 as a number.
  const tag =
    model.image.tag === undefined
      ? `sed "s/ ${TAG_UNSET}/ '$VERSION'/; s/${TAG_UNSET}/$VERSION/"`
      : undefined;
  const apply = (selected = '') =>
    tag
      ? `kubectl kustomize ${overlay} | ${tag} | kubectl apply -f -${selected}`
      : `kubectl apply -k ${overlay}${selected}`;
  const part = (component: string) => apply(` --selector app.kubernetes.io/component=${component}`);
  const job = `${migrationName(model)}-`;
  const environment = shellWord(model.environment ?? PRODUCTION);
  const deploy = `aideploy deploy kubernetes --env ${environment} --tag "$VERSION"`;
  const rollback = `aideploy rollback kubernetes --env ${environment}`;
  return {
    deploy: [`${deploy} --dry-run`, model.database?.migrations ? `${deploy} --migration expand` : deploy],
    rollback: [
      `aideploy releases --platform kubernetes --env ${environment}`,
      `${rollback} --dry-run`,
      rollback,
    ],
    login: clusterLogin(model),
    needs: clusterNeeds(model),
    namespace: `kubectl apply -f ${shellWord(`${overlayOf(model)}/namespace.yaml`)}`,
    secrets: hasSecrets(model) && {
      folder: SECRETS_FOLDER,
      create: `${kubectl} create secret generic "$SECRET" --from-env-file="$FILE" --dry-run=client --output yaml | ${kubectl} apply --server-side -f -`,
    },
    certificates: certifying(kubectl, carried),
    database: ownDatabase(model) && [
      part('database'),
      `${kubectl} rollout status --timeout 10m ${shellWord(`statefulset/${model.name}-db`)}`,
    ],
    migrations: migrating(model) && [
      part('migrations'),
      `export JOB=${job}"$(date +%s)"`,
      `${kubectl} create job "$JOB" --from cronjob/${migrationName(model)}`,
      `${kubectl} wait --for condition=complete --timeout 1h "job/$JOB"`,
    ],
    diff: apply().replace('kubectl apply', 'kubectl diff'),
    apply: [apply(), ...rollout('status --timeout 10m', carried)],
    stateful: carried.filter(isStateful).map(({ unit }) => unit),
    history: rollout('history', ours),
    undo: rollout('undo', ours),
    status: rollout('status --timeout 10m', ours),
    restart: rollout(
      'restart',
      carried.filter(({ secrets, grpc }) => secrets.length > 0 || grpc?.certificates),
    ),
  };
}

/** By the same command the first time and when it was renewed. */
const certifying = (kubectl: string, services: readonly Service[]): string[] =>
  services
    .filter(({ grpc }) => grpc?.certificates)
    .map(
      service =>
        `${kubectl} create secret tls ${shellWord(certificateName(service))} --cert "$CERTIFICATE" --key "$KEY" --dry-run=client --output yaml | ${kubectl} apply --server-side -f -`,
    );
