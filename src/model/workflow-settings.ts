import type { Model, ProjectModel } from './model.ts';
import { PACKAGE } from './program.ts';
import { migratesIn, type Way, type Workflow, type Workflows, waysOf, workflowsOf } from './workflows.ts';

/** Something that the workflows read from the settings of the repository or of its environments. */
export interface Setting {
  readonly kind: 'secret' | 'variable';
  readonly name: string;
  readonly needed: boolean;
  readonly workflows: readonly Workflow[];
  readonly purpose: string;
}

/** Where notifications go unless the configuration names another secret. */
export const slackSecret = ({ observability }: Model): string =>
  observability.notify.slack ?? 'SLACK_WEBHOOK_URL';

/** References to secrets: pieces of parsed texts, and those that stand in a path or in JSON as they were written. */
const SECRET = /(?:"reference":"|(?<!\$)\$\{\s*)secret\.([A-Za-z_]\w*)/g;

/** Secrets that smoke requests name. */
export const smokeSecrets = ({ services }: Model): string[] => {
  const written = JSON.stringify(services.map(({ smoke }) => smoke));
  return [...new Set([...written.matchAll(SECRET)].map(([, name = '']) => name))].sort();
};

/** Every secret and variable of the workflows, in the order in which one sets them. */
export function settingsOf(project: ProjectModel): readonly Setting[] {
  const workflows = workflowsOf(project);
  const among = (...names: Workflow[]) => names.filter(name => workflows.names.includes(name));
  const all = [
    ...program(workflows),
    ...federation(workflows),
    ...registries(workflows),
    ...platforms(project, workflows),
  ];
  return all
    .map(({ workflows: names, ...setting }) => ({ ...setting, workflows: among(...names) }))
    .filter(setting => setting.workflows.length > 0);
}

/** An environment of GitHub: it may have reviewers, branches that it is for, and secrets of its own. */
interface GitHubEnvironment {
  readonly name: string;
  readonly workflows: readonly Workflow[];
}

export function environmentsOf(project: ProjectModel): readonly GitHubEnvironment[] {
  const workflows = workflowsOf(project);
  const users = new Map<Workflow, readonly (string | undefined)[]>([
    ['release', ['release']],
    ...waysOf(workflows).flatMap(({ deploy, rollback, models }) => {
      const environments = models.map(({ environment }) => environment);
      return [[deploy, environments] as const, [rollback, environments] as const];
    }),
  ]);
  const { names } = workflows;
  const all = new Set(names.flatMap(name => users.get(name) ?? []));
  return [...all].flatMap(name =>
    name === undefined ? [] : [{ name, workflows: names.filter(each => users.get(each)?.includes(name)) }],
  );
}

const DEPLOYS: readonly Workflow[] = ['deploy-k8s', 'deploy-cloudrun'];

const program = ({ names }: Workflows): Setting[] => [
  {
    kind: 'variable',
    name: 'AIDEPLOY_PACKAGE',
    needed: false,
    workflows: names.filter(name => name !== 'release'),
    purpose: `a fork or another version instead of ${PACKAGE}: its name and version, or the URL of a tarball`,
  },
];

/** What `aideploy deploy cloudrun` asks gcloud for; the lease of a deploy is an annotation of a secret. */
const CLOUD_RUN_ROLES =
  '; on Cloud Run it has roles/run.developer, roles/secretmanager.admin and roles/logging.viewer in the project, roles/iam.serviceAccountUser for the account of the services, and roles/run.invoker where they are private';

/** Google lets a workflow in by what GitHub says of it; no key is kept anywhere. */
function federation(all: Workflows): Setting[] {
  const { registry, clusters } = all;
  const pushes: readonly Workflow[] = registry.kind === 'google' ? ['release', 'deploy-k8s'] : [];
  const asks: readonly Workflow[] = clusters.some(({ targets }) => targets.kubernetes?.gke)
    ? ['deploy-k8s', 'rollback-k8s']
    : [];
  const workflows = [...new Set<Workflow>([...pushes, ...asks, 'deploy-cloudrun', 'rollback-cloudrun'])];
  return [
    {
      kind: 'variable',
      name: 'WIF_PROVIDER',
      needed: true,
      workflows,
      purpose:
        'the provider of Workload Identity Federation: projects/<number>/locations/global/workloadIdentityPools/<pool>/providers/<provider>',
    },
    {
      kind: 'variable',
      name: 'WIF_SERVICE_ACCOUNT',
      needed: true,
      workflows,
      purpose: `the e-mail address of the service account that the workflows act as${all.names.includes('deploy-cloudrun') ? CLOUD_RUN_ROLES : ''}`,
    },
  ];
}

/** What is pushed to by a deploy is the configuration's own registry; a release is published at Docker Hub too. */
function registries({ registry: { kind, host } }: Workflows): Setting[] {
  const pushes: readonly Workflow[] = ['release', ...DEPLOYS];
  const hub: readonly Workflow[] = kind === 'docker' ? pushes : ['release'];
  const needed = kind === 'docker';
  return [
    ...(needed
      ? []
      : [
          {
            kind: 'variable' as const,
            name: 'DOCKERHUB_NAMESPACE',
            needed,
            workflows: hub,
            purpose: 'where a release is published at Docker Hub as well; without it, it is not',
          },
        ]),
    {
      kind: 'variable',
      name: 'DOCKERHUB_USERNAME',
      needed,
      workflows: hub,
      purpose: 'who pushes to Docker Hub',
    },
    {
      kind: 'secret',
      name: 'DOCKERHUB_TOKEN',
      needed,
      workflows: hub,
      purpose: 'an access token of Docker Hub that may write',
    },
    ...(kind === 'other'
      ? ([
          {
            kind: 'variable',
            name: 'REGISTRY_USERNAME',
            needed: true,
            workflows: pushes,
            purpose: `who pushes to ${host}`,
          },
          {
            kind: 'secret',
            name: 'REGISTRY_PASSWORD',
            needed: true,
            workflows: pushes,
            purpose: `the password or token for ${host}`,
          },
        ] as const)
      : []),
  ];
}

function platforms({ base }: ProjectModel, workflows: Workflows): Setting[] {
  const ways = waysOf(workflows);
  const smokes = ways.map(way => ({ ...way, secrets: way.models.flatMap(smokeSecrets) }));
  const names = [...new Set(smokes.flatMap(({ secrets }) => secrets))];
  return [
    ...(workflows.clusters.every(({ targets }) => targets.kubernetes?.gke)
      ? []
      : [
          {
            kind: 'secret' as const,
            name: 'KUBECONFIG',
            needed: true,
            workflows: ['deploy-k8s', 'rollback-k8s'] as const,
            purpose:
              "of each environment: a kubeconfig for its cluster, such as of the account in its overlay's deployer.yaml, which may do what deploys do and no more",
          },
        ]),
    {
      kind: 'variable',
      name: 'AIDEPLOY_MIGRATION',
      needed: false,
      workflows: ways.filter(({ models }) => migratesIn(models)).map(({ deploy }) => deploy),
      purpose:
        'what migrations are when neither a commit nor who starts a deploy says it: expand, where the release before always works after them',
    },
    ...names.map(
      (name): Setting => ({
        kind: 'secret',
        name,
        needed: true,
        workflows: bothOf(smokes.filter(({ secrets }) => secrets.includes(name))),
        purpose: 'of each environment: what a smoke request sends',
      }),
    ),
    {
      kind: 'secret',
      name: slackSecret(base),
      needed: false,
      workflows: bothOf(ways),
      purpose: 'a webhook of Slack that is told how each deploy and rollback ended',
    },
  ];
}

/** What changes a deployment looks at it, and tells how it ended. */
const bothOf = (ways: readonly Way[]): Workflow[] =>
  ways.flatMap(({ deploy, rollback }) => [deploy, rollback]);
