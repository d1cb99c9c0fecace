/** What npm would publish: every file of it, its size, and what it says of those who wrote parts of it. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Ajv from 'ajv';
import { beforeAll, describe, expect, it } from 'vitest';
import { docsOf } from '../../src/check/rule.ts';
import { project, ROOT } from '../cli/run.ts';

const MEBIBYTE = 1024 ** 2;

interface Packed {
  readonly version: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
}

let packed: Packed;
let folder: string;
beforeAll(async () => {
  folder = await project();
  const run = promisify(execFile);
  // The build was made before the tests were started; --ignore-scripts keeps npm from making it again.
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: ROOT,
  });
  const answer = JSON.parse(stdout) as Packed[] | Record<string, Packed>;
  [packed] = Object.values(answer) as [Packed];
  const [tarball] = (await readdir(folder)).filter(name => name.endsWith('.tgz'));
  await run('tar', ['-xzf', join(folder, tarball ?? '')], { cwd: folder });
});

const text = (path: string) => readFile(join(folder, 'package', path), 'utf8');
const json = async (path: string) => JSON.parse(await text(path));

/** Each shape of a path that belongs in there, and how many there may be of it. */
const SHAPES: readonly [what: string, shape: RegExp, least: number, most: number][] = [
  ['the manifest, the licence and what to read first', /^(?:package\.json|LICENSE|README\.md)$/, 3, 3],
  ['the changelog', /^CHANGELOG\.md$/, 1, 1],
  ['the program', /^(?:bin\/aideploy\.js|dist\/main\.js)$/, 2, 2],
  ['chunks', /^dist\/chunks\/[\w.-]+-[A-Z0-9]{8}\.js$/, 20, 300],
  ['grammars, and who reads them', /^dist\/grammars\/tree-sitter(?:-[a-z]+)?\.wasm$/, 6, 6],
  ['schemas of platforms', /^dist\/schemas\/[a-z-]+\.json$/, 11, 11],
  ['licences and parts', /^dist\/(?:THIRD_PARTY_LICENSES\.txt|sbom\.cdx\.json)$/, 2, 2],
  ['templates', /^templates\/[a-z]+\/[\w.-]+\.hbs$/, 80, 200],
  ['the service of the demo', /^templates\/demo\/(?:package(?:-lock)?\.json|src\/server\.js)$/, 3, 3],
];

describe('the package', () => {
  it.each(SHAPES)('holds %s', (_, shape, least, most) => {
    const found = packed.files.filter(({ path }) => shape.test(path)).length;
    expect(found).toBeGreaterThanOrEqual(least);
    expect(found).toBeLessThanOrEqual(most);
  });

  it('holds nothing else', () => {
    const others = packed.files.filter(({ path }) => !SHAPES.some(([, shape]) => shape.test(path)));
    expect(others).toEqual([]);
  });

  it('is small enough to be fetched by npx: 2.5 MiB, 12 unpacked', () => {
    expect(packed.size).toBeLessThan(2.5 * MEBIBYTE);
    expect(packed.unpackedSize).toBeLessThan(12 * MEBIBYTE);
  });

  it('installs nothing and runs nothing when it is installed', async () => {
    const manifest = await json('package.json');
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('optionalDependencies');
    expect(Object.keys(manifest.scripts).filter(name => /install$|^prepare$/.test(name))).toEqual([]);
    expect(manifest.bin).toEqual({ aideploy: 'bin/aideploy.js' });
  });

  it('names the repository that findings link to, which npm compares with the provenance', async () => {
    const { repository } = await json('package.json');
    const home = repository.url.replace(/^git\+/, '').replace(/\.git$/, '');
    expect(docsOf('cross/stop-cuts-drain')).toBe(`${home}/blob/main/docs/rules/cross/stop-cuts-drain.md`);
  });

  it('can be executed', () => {
    const program = packed.files.find(({ path }) => path === 'bin/aideploy.js');
    expect((program?.mode ?? 0) & 0o111).toBe(0o111);
  });

  it('holds every template there is', async () => {
    const here = (await readdir(join(ROOT, 'templates'), { recursive: true, withFileTypes: true }))
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(ROOT.length));
    const there = packed.files.map(({ path }) => path).filter(path => path.startsWith('templates/'));
    expect(there.sort()).toEqual(here.sort());
  });

  it('has no source map, no path of the machine it was built on, and no key', async () => {
    for (const { path } of packed.files.filter(file => /\.(?:js|json|txt|hbs|md)$/.test(file.path))) {
      const content = await text(path);
      expect(content, path).not.toContain('sourceMappingURL=');
      expect(content, path).not.toContain(ROOT);
      expect(content, path).not.toMatch(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/=]{20}/);
      expect(content, path).not.toMatch(/\b(?:npm_|ghp_|glpat-|sk-ant-)[A-Za-z0-9_-]{20,}/);
    }
  });

  it('says its version in one voice', async () => {
    const { version } = await json('package.json');
    const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
    const program = promisify(execFile)(process.execPath, [
      join(folder, 'package/bin/aideploy.js'),
      '--version',
    ]);
    expect([packed.version, lock.version, lock.packages[''].version]).toEqual([version, version, version]);
    expect((await program).stdout.trim()).toBe(version);
    expect((await json('dist/sbom.cdx.json')).metadata.component.version).toBe(version);
  });
});

interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

/** Licences that let everybody use the program under its own; another one is a decision, not an update. */
const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Unlicense'];

describe('what others wrote', () => {
  let components: readonly Component[];
  beforeAll(async () => {
    components = (await json('dist/sbom.cdx.json')).components;
  });
  const libraries = () => components.filter(({ type }) => type === 'library');
  const nameOf = ({ group, name }: Component) => (group ? `${group}/${name}` : name);

  it('is a bill of materials by the schema of CycloneDX', async () => {
    const from = 'node_modules/@cyclonedx/cyclonedx-library/res/schema';
    const schema = async (name: string) =>
      JSON.parse(await readFile(join(ROOT, from, `${name}.SNAPSHOT.schema.json`), 'utf8'));
    // Formats are those of others (ajv-formats), of which none decides what is asked here.
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
      const part = await schema(name);
      ajv.addSchema(part, `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
    }
    const validate = ajv.compile(await schema('bom-1.6'));
    const document = await json('dist/sbom.cdx.json');
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...document, components: [{ type: 'librarie', name: 'x' }] })).toBe(false);
    expect(document.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('is named as it is installed: version, licence and checksum of its tarball', async () => {
    const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
    for (const library of libraries()) {
      const installed = Object.entries<{ version: string; integrity: string; license: string }>(packages)
        .filter(([path]) => path.endsWith(`node_modules/${nameOf(library)}`))
        .find(([, { version }]) => version === library.version)?.[1];
      const sha512 = Buffer.from(installed?.integrity.slice('sha512-'.length) ?? '', 'base64');
      expect(library.hashes, nameOf(library)).toEqual([{ alg: 'SHA-512', content: sha512.toString('hex') }]);
      expect(library.licenses, nameOf(library)).toEqual([{ license: { id: installed?.license } }]);
    }
    expect(libraries().length).toBeGreaterThan(50);
  });

  it('is everything that CONTRIBUTING calls bundled, and nothing that only builds and tests', () => {
    const names = libraries().map(nameOf);
    const bundled = [
      ...['commander', '@inquirer/input', 'handlebars', 'yaml', 'dockerfile-ast', 'zod', 'execa', 'kleur'],
      ...['node-diff3', 'diff', '@vscode/tree-sitter-wasm', 'smol-toml', '@kubernetes/client-node', 'pg'],
    ];
    expect(names).toEqual(expect.arrayContaining(bundled));
    const tools = ['esbuild', 'typescript', 'vitest', 'vite', 'ajv', 'axe-core', 'playwright-core'];
    expect(names.filter(name => tools.includes(name))).toEqual([]);
  });

  it('hangs together: whoever is imported is there, and everybody is imported by somebody', async () => {
    const { dependencies, metadata } = await json('dist/sbom.cdx.json');
    const refs = new Set([metadata.component['bom-ref'], ...libraries().map(each => each['bom-ref'])]);
    const imported = new Set<string>(dependencies.flatMap((each: { dependsOn: string[] }) => each.dependsOn));
    expect(new Set(dependencies.map((each: { ref: string }) => each.ref))).toEqual(refs);
    expect([...imported].filter(ref => !refs.has(ref))).toEqual([]);
    const orphans = [...refs].filter(ref => !imported.has(ref) && ref !== metadata.component['bom-ref']);
    expect(orphans).toEqual([]);
  });

  it('is under licences that let everybody use it', () => {
    const others = components.filter(
      ({ licenses }) => !licenses.every(({ license }) => PERMISSIVE.includes(license?.id)),
    );
    expect(others.map(nameOf)).toEqual([]);
  });

  it('comes with the text of every licence, whole', async () => {
    const parts = (await text('dist/THIRD_PARTY_LICENSES.txt')).split(/^-{72}$/m).map(part => part.trim());
    for (const library of libraries()) {
      const title = `${nameOf(library)} ${library.version} (${library.licenses[0]?.license.id})`;
      const part = parts.find(each => each.startsWith(`${title}\n`));
      expect(part?.length, title).toBeGreaterThan(400);
      expect(part, title).toMatch(/copyright|public domain|Apache License/i);
    }
    expect(parts).toHaveLength(libraries().length + 1);
    expect(parts.at(-1)).toContain('schemas/kubernetes.json: ');
  });

  it('includes the compiled schemas, by the checksums of the files that are shipped', async () => {
    const data = components.filter(({ type }) => type === 'data');
    expect(data).toHaveLength(10);
    for (const { name, hashes } of data) {
      const content = createHash('sha256')
        .update(await text(`dist/${name}`))
        .digest('hex');
      expect(hashes, name).toEqual([{ alg: 'SHA-256', content }]);
    }
  });

  it('is built anew by every build', async () => {
    const [list, main] = await Promise.all(
      ['dist/sbom.cdx.json', 'dist/main.js'].map(path => stat(join(ROOT, path))),
    );
    expect(Math.abs((list?.mtimeMs ?? 0) - (main?.mtimeMs ?? Infinity))).toBeLessThan(60_000);
  });
});
