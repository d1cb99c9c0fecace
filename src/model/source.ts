import type { ServiceConfig } from '../config/schema/config.ts';
import type { BuiltSource, ImageSource } from './model.ts';

/** Versions current when this release was made; a configuration that names its own is unaffected. */
const DEFAULT_VERSION = { go: '1.26', python: '3.13', node: '24' } as const;
const DEFAULT_MAIN = { go: '.', python: 'main:app', node: 'server.js' } as const;
const DEFAULT_MANIFEST = { go: 'go.mod', python: 'requirements.txt', node: 'package-lock.json' } as const;
/** An image without shell or packages; each Debian has but one Python. https://github.com/GoogleContainerTools/distroless */
const distroless = (language: Language, version: string): string =>
  ({
    go: 'gcr.io/distroless/static-debian13:nonroot',
    python: `gcr.io/distroless/python3-debian${version.startsWith('3.11') ? 12 : 13}:nonroot`,
    node: `gcr.io/distroless/nodejs${Number.parseInt(version, 10)}-debian13:nonroot`,
  })[language];

type Language = keyof typeof DEFAULT_VERSION;

export function sourceOf(
  service: ServiceConfig,
  unit: string,
  registry: string | undefined,
): BuiltSource | ImageSource {
  if (service.image !== undefined || service.language === undefined)
    return { kind: 'image', image: service.image ?? '' };
  const { language, build } = service;
  const version = service.version ?? DEFAULT_VERSION[language];
  const written = build.main ?? DEFAULT_MAIN[language];
  const main = language === 'go' ? goPackage(written) : written;
  return {
    kind: 'built',
    language,
    version,
    context: build.context.replace(/^\.\//, '').replace(/\/+$/, '') || '.',
    main,
    program: programOf(language, main, unit),
    binaries: build.binaries.map(binary => ({
      main: language === 'go' ? goPackage(binary) : binary,
      program: programOf(language, binary, unit),
    })),
    base: basesOf(language, version, build.base),
    manifest: build.manifest ?? DEFAULT_MANIFEST[language],
    script: build.script,
    factory: build.factory,
    interface: build.interface,
    appDir: build.appDir,
    repository: registry ? `${registry}/${unit}` : unit,
  };
}

/**
 * What `go build` takes for a package of this module: `cmd/server` without `./` would be looked for in
 * the standard library, and `main.go` alone would leave out the package's other files.
 */
function goPackage(main: string): string {
  const folder = main
    .replace(/(?:^|\/)[^/]*\.go$/, '')
    .replace(/^\.\//, '')
    .replace(/\/+$/, '');
  if (folder === '' || folder === '.') return '.';
  return /^[^/]+\.[^/]+\//.test(folder) ? folder : `./${folder}`;
}

/** `./cmd/server` is the program `server`; the package at the top is named for the service. */
function programOf(language: Language, main: string, unit: string): string {
  if (language !== 'go') return unit;
  const last = main.replace(/\/+$/, '').replace(/\.go$/, '').split('/').at(-1) ?? '';
  return last === '' || last === '.' || last === 'main' ? unit : last;
}

function basesOf(
  language: Language,
  version: string,
  base: ServiceConfig['build']['base'],
): BuiltSource['base'] {
  const build =
    base.build ??
    {
      go: `golang:${version}-bookworm`,
      python: `python:${version}-slim-bookworm`,
      node: `node:${version}-bookworm-slim`,
    }[language];
  const standard = language === 'go' ? 'scratch' : build;
  const runtime = base.runtime === 'distroless' ? distroless(language, version) : (base.runtime ?? standard);
  return { build, runtime };
}
