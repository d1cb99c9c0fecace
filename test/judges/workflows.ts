/** Judges of GitHub's workflows. Both want them where GitHub does: in .github/workflows of a repository. */
import { ask, type Finding, find, finding } from './judges.ts';

interface ActionlintError {
  readonly message: string;
  readonly filepath: string;
  readonly line: number;
  readonly kind: string;
}

/** actionlint, with shellcheck for every script. */
export async function actionlint(files: readonly string[]): Promise<Finding[]> {
  const flags = ['-format', '{{json .}}', '-shellcheck', find('shellcheck') ?? ''];
  const { stdout } = await ask('actionlint', [...flags, ...files], { accept: [0, 1], reads: files });
  return (JSON.parse(stdout) as ActionlintError[]).map(({ message, filepath, line, kind }) =>
    finding('actionlint', kind, 'error', message, filepath, line),
  );
}

interface Audit {
  readonly ident: string;
  readonly desc: string;
  readonly ignored: boolean;
  readonly locations: readonly {
    readonly symbolic: { readonly key: { readonly Local?: { readonly verbatim_path: string } } };
    readonly concrete: { readonly location: { readonly start_point: { readonly row: number } } };
  }[];
}

/** zizmor's strictest persona, which asks nobody; what a comment in the file excepts is not a finding. */
export async function zizmor(folder: string): Promise<Finding[]> {
  const flags = [
    '--offline',
    '--persona=pedantic',
    '--no-exit-codes',
    '--strict-collection',
    '--format=json-v1',
  ];
  const { stdout } = await ask('zizmor', [...flags, folder], { reads: [folder] });
  return (JSON.parse(stdout) as Audit[])
    .filter(({ ignored }) => !ignored)
    .map(({ ident, desc, locations: [first] }) =>
      finding(
        'zizmor',
        ident,
        'warning',
        desc,
        first?.symbolic.key.Local?.verbatim_path ?? '',
        (first?.concrete.location.start_point.row ?? -1) + 1,
      ),
    );
}

interface Validation {
  readonly errors?: readonly { readonly filename: string; readonly path: string; readonly message: string }[];
  readonly parse_errors?: readonly { readonly filename: string; readonly message: string }[];
}

/** The schema that editors check workflows by, which this judge carries. */
export async function workflowSchema(files: readonly string[]): Promise<Finding[]> {
  const flags = ['--builtin-schema', 'vendor.github-workflows', '--output-format', 'json'];
  const { stdout } = await ask('check-jsonschema', [...flags, ...files], {
    accept: [0, 1],
    reads: files,
  });
  const { errors = [], parse_errors = [] } = JSON.parse(stdout) as Validation;
  return [...errors, ...parse_errors].map(({ filename, message }) =>
    finding('check-jsonschema', '', 'error', message, filename, 0),
  );
}
