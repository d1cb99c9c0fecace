import type { Config, ServiceConfig } from '../schema/config.ts';
import type { Contradiction } from './contradiction.ts';

const LONGEST_NAME = 63;
/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#security-context-1 has it as an int32. */
const LARGEST_ID = 2 ** 31 - 1;
const PRODUCTION = 'production';

/** What a cluster would refuse, or take for something else. */
export function kubernetesProblems(config: Config, environment?: string): Contradiction[] {
  const settings = config.targets.kubernetes;
  if (!settings) return [];
  const carried = Object.entries(config.services).filter(([key]) => settings.services?.includes(key) ?? true);
  return [
    // Those of all environments follow from the file itself.
    ...(environment === undefined ? longNamespaces(config) : []),
    ...carried.flatMap(([key, service]) => ownProblems(key, service)),
    ...backupProblems(config),
  ];
}

function ownProblems(key: string, { scale, kind, volumes, files, user }: ServiceConfig): Contradiction[] {
  const mounts = [
    ...volumes.map(({ path }, i) => ({ at: ['volumes', i, 'path'], path })),
    ...files.map(({ path }, i) => ({ at: ['files', i, 'path'], path })),
  ];
  return [
    ...(key === 'kustomization'
      ? [
          {
            path: ['services', key],
            message: "kustomization.yaml is kustomize's own file: choose another name",
          },
        ]
      : []),
    ...('min' in scale && scale.min === 0 && kind !== 'job'
      ? [
          {
            path: ['services', key, 'scale', 'min'],
            // https://kubernetes.io/docs/reference/command-line-tools-reference/feature-gates/ (HPAScaleToZero)
            message:
              'Kubernetes cannot scale from zero by CPU, which nobody uses then: write 1, or leave this service out of targets.kubernetes.services',
            value: '0',
          },
        ]
      : []),
    ...(['uid', 'gid'] as const)
      .filter(id => user[id] > LARGEST_ID)
      .map(id => ({
        path: ['services', key, 'user', id],
        message: `Kubernetes takes numbers up to ${LARGEST_ID} only`,
        value: String(user[id]),
      })),
    ...mounts
      .filter(({ path }) => path.includes(':'))
      .map(({ at, path }) => ({
        path: ['services', key, ...at],
        message: 'Kubernetes mounts nothing at a path with a colon',
        value: path,
      })),
  ];
}

/** A database elsewhere is backed up by a host where there is one. */
function backupProblems({ database, targets }: Config): Contradiction[] {
  if (!database || !targets.backup) return [];
  const { copyTo, encrypt, image } = database.backup;
  const byHost = database.host !== undefined && (targets.systemd ?? targets.compose);
  const program = encrypt ? 'age' : copyTo?.[0];
  if (byHost || image || program === undefined) return [];
  return [
    {
      path: ['database', 'backup', encrypt ? 'encrypt' : 'copyTo'],
      message: `a job in Kubernetes makes the backup in the database's image, which has no ${program}: name one that has it, and bash and PostgreSQL's client, as database.backup.image`,
    },
  ];
}

/** Each environment has a namespace after the file's, unless it names its own. */
function longNamespaces({ name, targets, environments }: Config): Contradiction[] {
  const base = targets.kubernetes?.namespace ?? name;
  return Object.entries(environments).flatMap(([environment, over]) => {
    const named = (over?.['targets'] as { kubernetes?: { namespace?: unknown } } | null | undefined)
      ?.kubernetes?.namespace;
    const namespace = `${base}-${environment}`;
    if (environment === PRODUCTION || named !== undefined || namespace.length <= LONGEST_NAME) return [];
    return [
      {
        path: ['environments', environment],
        message: `its namespace, ${namespace}, has ${namespace.length} characters, and ${LONGEST_NAME} are allowed: name one under targets.kubernetes.namespace`,
      },
    ];
  });
}
