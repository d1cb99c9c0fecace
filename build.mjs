// Bundles the program: dist/main.js and one chunk for each command, with every template compiled.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import Handlebars from 'handlebars';
import { componentsOf } from './tools/bundle/components.mjs';
import { licensesText, schemaOrigins } from './tools/bundle/licenses.mjs';
import { billOfMaterials } from './tools/bundle/sbom.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const MODULE = 'aideploy:templates';
const GRAMMARS = [
  'tree-sitter',
  'tree-sitter-bash',
  'tree-sitter-go',
  'tree-sitter-powershell',
  'tree-sitter-python',
  'tree-sitter-typescript',
];

/** The module `aideploy:templates`, for Vitest; the build below uses the same source. */
export function templatesPlugin() {
  return {
    name: MODULE,
    config: async () => ({ define: { __AIDEPLOY_VERSION__: JSON.stringify(await version()) } }),
    resolveId: id => (id === MODULE ? `\0${MODULE}` : undefined),
    async load(id) {
      if (id !== `\0${MODULE}`) return undefined;
      const files = await templateFiles();
      for (const file of files) this.addWatchFile(file);
      return templatesModule(files);
    },
  };
}

async function templateFiles() {
  const entries = await readdir(join(root, 'templates'), { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.hbs'))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

async function templatesModule(files) {
  const { compileTemplate } = await compilerModule();
  const entries = await Promise.all(
    files.map(async file => {
      const name = relative(join(root, 'templates'), file).split(sep).join('/').slice(0, -'.hbs'.length);
      return `${JSON.stringify(name)}: ${compileTemplate(name, await readFile(file, 'utf8'), Handlebars)}`;
    }),
  );
  return `export const templates = {\n${entries.join(',\n')}\n};\n`;
}

/** src/render/compile.ts, which the program itself uses for a project's own templates. */
async function compilerModule() {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(root, 'src/render/compile.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

async function version() {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version;
}

const bundledModules = {
  name: 'bundled-modules',
  setup(build) {
    build.onResolve({ filter: /^aideploy:templates$/ }, () => ({ path: MODULE, namespace: MODULE }));
    build.onLoad({ filter: /.*/, namespace: MODULE }, async () => ({
      contents: await templatesModule(await templateFiles()),
    }));
    // The package's entry point reads .handlebars files from disk by require(); the compiler alone is enough.
    build.onResolve({ filter: /^handlebars$/ }, () => ({
      path: join(root, 'node_modules/handlebars/dist/cjs/handlebars.js'),
    }));
    // Handlebars does without it, and would take it from wherever it is found at run time.
    build.onResolve({ filter: /^source-map$/ }, () => ({ path: 'source-map', namespace: 'empty' }));
    // zod's messages in some forty languages, which nothing here asks for, would be read at every start.
    build.onResolve({ filter: /^\.\.\/locales\/index\.js$/ }, ({ importer }) =>
      /[\\/]zod[\\/]/.test(importer) ? { path: 'locales', namespace: 'empty' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '' }));
  },
};

async function build() {
  const dist = join(root, 'dist');
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    legalComments: 'none', // tools/bundle/licenses.mjs takes the whole texts instead
    metafile: true,
    define: { __AIDEPLOY_VERSION__: JSON.stringify(await version()) },
    // CommonJS dependencies ask for Node's modules by require().
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    plugins: [bundledModules],
    logLevel: 'warning',
  });
  await mkdir(join(dist, 'grammars'), { recursive: true });
  await Promise.all([
    removeFormer(join(dist, 'chunks'), Object.keys(metafile.outputs)),
    ...GRAMMARS.map(name =>
      cp(
        join(root, `node_modules/@vscode/tree-sitter-wasm/wasm/${name}.wasm`),
        join(dist, `grammars/${name}.wasm`),
      ),
    ),
    cp(join(root, 'schemas'), join(dist, 'schemas'), { recursive: true }),
    describeParts(metafile),
  ]);
}

/** Chunks of earlier builds go when this one has succeeded: a build that fails leaves a program that runs. */
async function removeFormer(folder, outputs) {
  const current = new Set(outputs.map(output => basename(output)));
  const former = (await readdir(folder)).filter(name => !current.has(name));
  await Promise.all(former.map(name => rm(join(folder, name))));
}

/** What others wrote: the texts of their licences, and a list of it for scanners. */
async function describeParts(metafile) {
  const [manifest, parts, schemas] = await Promise.all([
    readFile(join(root, 'package.json'), 'utf8').then(JSON.parse),
    componentsOf(root, metafile, ['node_modules/@vscode/tree-sitter-wasm']),
    schemaOrigins(root),
  ]);
  const sbom = billOfMaterials({ manifest, bundler: esbuild.version, ...parts, schemas });
  await Promise.all([
    writeFile(
      join(root, 'dist/THIRD_PARTY_LICENSES.txt'),
      await licensesText(root, parts.components, schemas),
    ),
    writeFile(join(root, 'dist/sbom.cdx.json'), `${JSON.stringify(sbom, null, 2)}\n`),
  ]);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  build().catch(error => {
    // esbuild has printed its own errors.
    if (!error.errors) console.error(error.message);
    process.exitCode = 1;
  });
}
