import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';

const NAME = 'app.kubernetes.io/name';
const COMPONENT = 'app.kubernetes.io/component';

/** What every chart has: labels by a helper, the namespace of the release, tags by a value. */
const HELPERS = `{{- define "labels" -}}
${NAME}: {{ .name }}
${COMPONENT}: {{ .component }}
app.kubernetes.io/part-of: {{ .root.Chart.Name }}
{{- end -}}
`;

/** A chart of the objects of a text, one file for each, written as charts are. */
export function writeChart(folder, name, text, { tag }) {
  const files = {
    'Chart.yaml': stringify({ apiVersion: 'v2', name, version: '0.1.0', type: 'application' }),
    'values.yaml': stringify({ tag }),
    'templates/_helpers.tpl': HELPERS,
  };
  for (const object of objectsOf(text)) files[`templates/${idOf(object)}.yaml`] = template(object, tag);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** The objects of a text, by what they are called. */
export const objectsOf = text =>
  parseAllDocuments(text)
    .map(document => document.toJS())
    .filter(object => object?.kind);

export const idOf = ({ kind, metadata }) => `${kind}-${metadata.name}`.toLowerCase();

function template(object, tag) {
  // What is in the objects' texts is no template, such as a script's.
  const text = stringify(object).replaceAll('{{', '{{ "{{" }}');
  return text
    .replaceAll(
      new RegExp(`^( +)${COMPONENT}: (\\S+)\\n +${NAME}: (\\S+)\\n +app.kubernetes.io/part-of: \\S+$`, 'gm'),
      (_, indent, component, own) =>
        `${indent}{{- include "labels" (dict "root" $ "name" "${own}" "component" "${component}") | nindent ${indent.length} }}`,
    )
    .replaceAll(
      new RegExp(`^( *namespace: )${object.metadata.namespace}$`, 'gm'),
      '$1{{ .Release.Namespace }}',
    )
    .replaceAll(`:${tag}\n`, ':{{ $.Values.tag }}\n');
}
