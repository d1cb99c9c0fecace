/** Judges of Kubernetes manifests, each asked about many files at once: a process for each would take minutes. */
import { join } from 'node:path';
import { ask, type Finding, finding, SCHEMAS } from './judges.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** What `kubectl apply -k` would send of a folder, which takes nothing from outside of `project`. */
export async function kustomize(dir: string, project: string = dir): Promise<string> {
  const { stdout, stderr } = await ask('kubectl', ['kustomize', dir], { reads: [project] });
  // It warns of fields that it will drop.
  if (stderr !== '') throw new Error(`kubectl kustomize ${dir}: ${stderr}`);
  return stdout;
}

interface Validation {
  readonly resources: readonly {
    filename: string;
    kind: string;
    name: string;
    status: string;
    msg: string;
  }[];
  readonly summary: { readonly valid: number };
}

/** kubeconform -strict against one version such as `1.34`; a kind that it has no schema of is an error. */
export async function kubeconform(files: readonly string[], version: string): Promise<Finding[]> {
  const locations = [
    join(
      SCHEMAS,
      '{{ .NormalizedKubernetesVersion }}-standalone-strict/{{ .ResourceKind }}{{ .KindSuffix }}.json',
    ),
    join(SCHEMAS, 'custom/{{ .ResourceKind }}{{ .KindSuffix }}.json'),
  ];
  const flags = [
    ...['-strict', '-summary', '-output', 'json', '-kubernetes-version', `${version}.0`],
    ...locations.flatMap(location => ['-schema-location', location]),
  ];
  const { stdout } = await ask('kubeconform', [...flags, ...files], {
    accept: [0, 1],
    reads: files,
  });
  const { resources, summary } = JSON.parse(stdout) as Validation;
  if (resources.length === 0 && summary.valid === 0) throw new Error('kubeconform found nothing to check');
  return resources.map(({ filename, kind, name, status, msg }) =>
    finding('kubeconform', status, 'error', `${kind} ${name}: ${msg}`, filename, 0),
  );
}

/** All but that requests equal limits, which would waste what an idle service does not use. */
const OPTIONAL_TESTS = [
  'container-ephemeral-storage-request-equals-limit',
  'container-ports-check',
  'container-seccomp-profile',
];

interface Scored {
  readonly object_name: string;
  readonly file_name: string;
  readonly checks: readonly {
    check: { id: string };
    grade: number;
    skipped: boolean;
    comments: readonly { path: string; summary: string; description: string }[] | null;
  }[];
}

/** Below are critical (1) and warning (5). */
const ALMOST_OK = 7;

/** kube-score on the objects of a file or several that are applied together, for the version that they are for. */
export async function kubeScore(file: string | readonly string[], version: string): Promise<Finding[]> {
  const flags = [
    ...['--output-format', 'json', '--kubernetes-version', `v${version}`],
    ...OPTIONAL_TESTS.flatMap(test => ['--enable-optional-test', test]),
  ];
  const files = [file].flat();
  const { stdout } = await ask('kube-score', ['score', ...flags, ...files], {
    accept: [0, 1],
    reads: files,
  });
  const scored = (JSON.parse(stdout) as Scored[] | null) ?? [];
  if (scored.length === 0) throw new Error(`kube-score found nothing to check in ${files.join(', ')}`);
  // What Helm wrote is named by its template: chart/templates/service.yaml.
  const fileOf = (name: string) =>
    files.find(each => each === name || each.endsWith(name.slice(name.indexOf('/')))) ?? name;
  return scored.flatMap(({ object_name, file_name, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < ALMOST_OK)
      .flatMap(({ check, grade, comments }) =>
        (comments ?? []).map(({ path, summary }) =>
          finding(
            'kube-score',
            check.id,
            grade === 1 ? 'error' : 'warning',
            `${object_name} ${path}: ${summary}`,
            fileOf(file_name),
            0,
          ),
        ),
      ),
  );
}

interface Linted {
  readonly Reports:
    | readonly {
        Check: string;
        Diagnostic: { Message: string };
        Object: { K8sObject: { Name: string; GroupVersionKind: { Kind: string } } };
      }[]
    | null;
}

/** kube-linter with its default checks, on objects that are applied together. */
export async function kubeLinter(file: string): Promise<Finding[]> {
  const { stdout } = await ask(
    'kube-linter',
    ['lint', '--format', 'json', '--fail-if-no-objects-found', file],
    {
      accept: [0, 1],
      reads: [file],
    },
  );
  const { Reports } = JSON.parse(stdout) as Linted;
  return (Reports ?? []).map(({ Check, Diagnostic, Object: { K8sObject } }) =>
    finding(
      'kube-linter',
      Check,
      'error',
      `${K8sObject.GroupVersionKind.Kind} ${K8sObject.Name}: ${Diagnostic.Message}`,
      file,
      0,
    ),
  );
}
