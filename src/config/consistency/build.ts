import type { Config, ServiceConfig } from '../schema/config.ts';
import type { Contradiction } from './contradiction.ts';

/** What no image could be built from. */
export function buildProblems(config: Config): Contradiction[] {
  return Object.entries(config.services).flatMap(([name, service]) => [
    ...manifestProblems(name, service),
    ...programProblems(name, service),
    ...distrolessProblems(name, service),
  ]);
}

const at = (name: string, ...rest: (string | number)[]) => ['services', name, ...rest];

/** `go` and npm look for their lists where they are started, which is the top of the context. */
function manifestProblems(name: string, { language, build }: ServiceConfig): Contradiction[] {
  const manifest = build.manifest?.replace(/^(?:\.\/)+/, '');
  if (manifest === undefined || language === undefined || language === 'python') return [];
  const path = at(name, 'build', 'manifest');
  if (manifest.includes('/'))
    return [
      { path, message: 'it stands at the top of build.context: name its folder there', value: manifest },
    ];
  if (language === 'go' && manifest !== 'go.mod')
    return [{ path, message: 'a Go module is described by its go.mod', value: manifest }];
  return [];
}

/** Programs stand at the top of a Go image, beside these folders. */
const FOLDERS = ['bin', 'dev', 'etc', 'lib', 'proc', 'run', 'sys', 'tmp', 'usr', 'var'];

function programProblems(name: string, { language, build }: ServiceConfig): Contradiction[] {
  if (language !== 'go') return [];
  const mains = [
    { path: at(name, 'build', 'main'), main: build.main ?? '.' },
    ...build.binaries.map((main, i) => ({ path: at(name, 'build', 'binaries', i), main })),
  ];
  const programs = mains.map(({ main }) => programOf(main));
  return mains.flatMap(({ path, main }, i) => {
    const program = programs[i] ?? '';
    if (FOLDERS.includes(program))
      return [
        { path, message: `a program named ${program} would stand where the image has a folder`, value: main },
      ];
    if (programs.indexOf(program) < i)
      return [
        { path, message: `two programs named ${program || 'as the service'} would be one file`, value: main },
      ];
    return [];
  });
}

/** The last folder; empty at the top, where a program is named for its service. */
const programOf = (main: string): string =>
  main
    .replace(/(?:^|\/)[^/]*\.go$/, '')
    .split('/')
    .filter(step => step !== '' && step !== '.')
    .at(-1) ?? '';

/** Distroless images come with the Python of their Debian, and packages are installed for one minor version. */
function distrolessProblems(name: string, { language, version, build }: ServiceConfig): Contradiction[] {
  if (language !== 'python' || build.base.runtime !== 'distroless' || version === undefined) return [];
  if (/^3\.(?:11|13)(?:\.|$)/.test(version)) return [];
  return [
    { path: at(name, 'version'), message: 'distroless images have Python 3.11 or 3.13', value: version },
  ];
}
