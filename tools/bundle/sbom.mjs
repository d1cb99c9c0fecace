// A bill of materials of the bundle: https://cyclonedx.org/docs/1.6/json/. The same build gives the same bytes.
import { createHash } from 'node:crypto';

export function billOfMaterials({ manifest, bundler, components, imports, schemas }) {
  const byFolder = new Map(components.map(component => [component.folder, purlOf(component)]));
  const self = purlOf(manifest);
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      tools: { components: [{ type: 'application', name: 'esbuild', version: bundler }] },
      component: {
        type: 'application',
        'bom-ref': self,
        name: manifest.name,
        version: manifest.version,
        description: manifest.description,
        licenses: [{ license: { id: manifest.license } }],
        purl: self,
      },
    },
    components: [...components.map(library), ...schemas.map(schema)],
    dependencies: [...imports].map(([folder, targets]) => ({
      ref: byFolder.get(folder) ?? self,
      dependsOn: [...targets].map(target => byFolder.get(target)).sort(),
    })),
  };
  return { ...document, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(document))}` };
}

function library(component) {
  const [name, group] = component.name.split('/').reverse();
  const { version, license, integrity } = component;
  const purl = purlOf(component);
  return {
    type: 'library',
    'bom-ref': purl,
    ...(group ? { group } : {}),
    name,
    version,
    ...(integrity ? { hashes: [{ alg: 'SHA-512', content: hexOf(integrity) }] } : {}),
    licenses: [/[ ()]/.test(license) ? { expression: license } : { license: { id: license } }],
    purl,
  };
}

const schema = ({ file, origin, text }) => ({
  type: 'data',
  'bom-ref': `schemas/${file}`,
  name: `schemas/${file}`,
  description: `compiled from ${origin}`,
  hashes: [{ alg: 'SHA-256', content: createHash('sha256').update(text).digest('hex') }],
  licenses: [{ license: { id: 'Apache-2.0' } }],
});

/** https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
const purlOf = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

const hexOf = integrity => Buffer.from(/^sha512-(.+)$/.exec(integrity)?.[1] ?? '', 'base64').toString('hex');

/** A name's UUID (RFC 9562, version 8): the same content has the same, and another has another. */
function uuidOf(text) {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x80;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
