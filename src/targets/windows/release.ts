import type { BuiltService } from '../../model/model.ts';

interface Program {
  readonly program: string;
  /** As scripts/build.sh names it. */
  readonly from: string;
  readonly file: string;
}

/** The programs of a Go service. Files of one folder: a name that two services have is led by the service's own. */
export function programsOf({ unit, source }: BuiltService, built: readonly BuiltService[]): Program[] {
  if (source.language !== 'go') return [];
  const names = built.flatMap(other =>
    [other.source, ...other.source.binaries].map(({ program }) => program),
  );
  return [source, ...source.binaries].map(({ program }) => {
    const name = names.filter(other => other === program).length > 1 ? `${unit}-${program}` : program;
    return { program, from: `${name}-windows-amd64.exe`, file: `${name}.exe` };
  });
}

/** Sources of Python and Node services, and how Python's packages are installed. */
export const archivesOf = (services: readonly BuiltService[]) =>
  services
    .filter(({ source }) => source.language !== 'go')
    .map(({ unit, kind, command, source }) => ({
      unit,
      python: source.language === 'python',
      version: source.version.split('.').slice(0, 2).join('.'),
      install: source.manifest.endsWith('.txt') ? ['--requirement', source.manifest] : ['.'],
      server: kind === 'http' && !command ? (source.interface === 'wsgi' ? 'waitress' : 'uvicorn') : '',
    }));

/** What a release is made of, as scripts/build.sh leaves it in its folder. */
export const filesOf = (services: readonly BuiltService[], built: readonly BuiltService[]): string[] =>
  services.flatMap(service =>
    service.source.language === 'go'
      ? programsOf(service, built).map(({ from }) => from)
      : [`${service.unit}.tar.gz`],
  );
