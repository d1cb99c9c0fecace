// npm run schemas:update: compiles the schemas that check reads, schemas/<family>.json, from packages of pinned versions.
// It needs go and python3 with pip. The same versions give the same bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { kubernetesDefinitions, kubernetesEnums, kubernetesKinds, nameOf } from './schemas/kubernetes.mjs';
import { compacted, createPool } from './schemas/shapes.mjs';
import { definitionsIn, goModule, pythonPackage, readJson } from './schemas/sources.mjs';

const OUTPUT = fileURLToPath(new URL('../schemas/', import.meta.url));
const KUBERNETES = { package: 'kubernetes-validate', version: '1.37.0', enums: '0.36.0' };
const CHECK_JSONSCHEMA = '0.39.0';
const COMPOSE = { module: 'github.com/compose-spec/compose-go/v2', version: '2.16.2' };
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** Where others define their kinds. All of them are under the Apache License 2.0. */
const CUSTOM = {
  'cert-manager': ['github.com/cert-manager/cert-manager', '1.21.2', 'deploy/crds', /\.yaml$/],
  'envoy-gateway': [
    'github.com/envoyproxy/gateway',
    '1.9.1',
    'charts/gateway-helm/charts/crds/crds/generated',
    /\.yaml$/,
  ],
  'external-secrets': [
    'github.com/external-secrets/external-secrets',
    '1.3.2',
    'config/crds/bases',
    /_.*\.yaml$/,
  ],
  // The experimental channel has every field of the standard one.
  'gateway-api': ['sigs.k8s.io/gateway-api', '1.6.1', 'config/crd/experimental', /_.*\.yaml$/],
  knative: ['knative.dev/serving', '0.51.0', 'config/core/300-resources', /\.yaml$/],
  'prometheus-operator': [
    'github.com/prometheus-operator/prometheus-operator',
    '0.85.0',
    'example/prometheus-operator-crd',
    /\.yaml$/,
  ],
  traefik: [
    'github.com/traefik/traefik/v3',
    '3.7.13',
    'docs/content/reference/dynamic-configuration',
    /^traefik\.io_.*\.yaml$/,
  ],
};

/** The family of each API group. */
const groups = {};

function write(family, origin, { kinds, shapes }) {
  for (const kind of Object.keys(kinds))
    if (kind.includes(' ')) groups[kind.includes('/') ? kind.slice(0, kind.indexOf('/')) : ''] = family;
  const lines = list => list.map(each => JSON.stringify(each)).join(',\n');
  const named = Object.entries(kinds).map(
    ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
  );
  writeFileSync(
    join(OUTPUT, `${family}.json`),
    `{"origin":${JSON.stringify(`${origin}; Apache-2.0`)},\n"kinds":{\n${named.join(',\n')}\n},\n"shapes":[\n${lines(shapes)}\n]}\n`,
  );
  console.log(`${family}: ${Object.keys(kinds).length} kinds, ${shapes.length} shapes`);
}

/** What is below `status` is written by the cluster. */
const withoutStatus = schema =>
  schema?.properties?.status ? { ...schema, properties: { ...schema.properties, status: {} } } : schema;

const definitions = kubernetesDefinitions(
  join(pythonPackage(KUBERNETES.package, KUBERNETES.version), 'kubernetes_validate/kubernetes-json-schema'),
  kubernetesEnums(goModule('k8s.io/api', KUBERNETES.enums)),
);
const resolve = reference => definitions.get(nameOf(reference));

function kubernetes() {
  const roots = kubernetesKinds(definitions);
  const isRoot = new Set(Object.values(roots).map(each => each.name));
  const pool = createPool({
    resolve,
    prepare: (schema, name) => (name && isRoot.has(name) ? withoutStatus(schema) : schema),
  });
  const kinds = Object.fromEntries(
    Object.entries(roots).map(([kind, { name, range }]) => [kind, [pool.refer(name), ...range]]),
  );
  const origin = `the OpenAPI of Kubernetes, by ${KUBERNETES.package} ${KUBERNETES.version}; enums of k8s.io/api ${KUBERNETES.enums}`;
  write('kubernetes', origin, compacted(pool.shapes, kinds));
}

/** Structural schemas are closed wherever they say what there is; the API server drops the rest. */
function structural(schema) {
  if (schema?.type !== 'object' || !schema.properties) return schema;
  // Cloud Run mounts NFS too: https://cloud.google.com/run/docs/configuring/services/nfs-volume-mounts
  const isVolume = schema.properties.emptyDir && schema.properties.csi && !schema.properties.nfs;
  return { ...schema, closed: true, ...(isVolume ? { properties: { nfs: {}, ...schema.properties } } : {}) };
}

function custom(family, [module, version, path, pattern]) {
  const pool = createPool({ resolve, prepare: structural });
  const kinds = {};
  for (const { spec } of definitionsIn(join(goModule(module, version), path), pattern))
    for (const { name, schema, served } of spec.versions) {
      if (!served) continue;
      const { status, ...properties } = schema.openAPIV3Schema.properties;
      const root = {
        ...schema.openAPIV3Schema,
        properties: { ...properties, metadata: { $ref: OBJECT_META }, ...(status ? { status: {} } : {}) },
      };
      kinds[`${spec.group}/${name} ${spec.names.kind}`] = [pool.put(root)];
    }
  write(family, `${module} ${version}`, compacted(pool.shapes, kinds));
}

/** What is filled in later may stand anywhere, and is no alternative of its own. */
function withoutExpressions(schema) {
  const isExpression = each => (each.$ref ?? '').endsWith('xpressionSyntax');
  const kept = { ...schema };
  for (const key of ['anyOf', 'oneOf'])
    if (kept[key]?.some(isExpression)) kept[key] = kept[key].filter(each => !isExpression(each));
  return kept;
}

/** A JSON schema of a file: its only kind is the file itself. */
function ofFile(family, origin, schema) {
  const pool = createPool({
    prepare: withoutExpressions,
    resolve: reference =>
      reference
        .replace(/^#\//, '')
        .split('/')
        .reduce((node, step) => node?.[step], schema),
  });
  write(family, origin, compacted(pool.shapes, { [family]: [pool.put(schema)] }));
}

mkdirSync(OUTPUT, { recursive: true });
kubernetes();
for (const [family, source] of Object.entries(CUSTOM)) custom(family, source);
ofFile(
  'compose',
  `${COMPOSE.module} ${COMPOSE.version}`,
  readJson(join(goModule(COMPOSE.module, COMPOSE.version), 'schema/compose-spec.json')),
);
const workflow = readJson(
  join(
    pythonPackage('check-jsonschema', CHECK_JSONSCHEMA),
    'check_jsonschema/builtin_schemas/vendor/github-workflows.json',
  ),
);
// What starts a workflow is read with a table of its own, which knows each event.
workflow.properties.on = {};
// GitHub takes a strategy that only limits how much runs at once.
delete workflow.definitions.normalJob.properties.strategy.required;
ofFile('workflow', `SchemaStore's github-workflow.json, by check-jsonschema ${CHECK_JSONSCHEMA}`, workflow);
writeFileSync(
  join(OUTPUT, 'groups.json'),
  `${JSON.stringify(Object.fromEntries(Object.entries(groups).sort()), null, 1)}\n`,
);
