import { isBuilt, type Model, servicesOf } from '../../model/model.ts';

/** What the configuration asks for and this target does not do, said where it is installed. */
export function notesOf(model: Model): string[] {
  const services = servicesOf(model, 'windows').filter(isBuilt);
  const jobs = services.filter(({ kind }) => kind === 'job').map(({ key }) => key);
  const folders = services
    .filter(({ volumes, files }) => volumes.length + files.length > 0)
    .map(({ key }) => key);
  return [
    ...(jobs.length > 0
      ? [`Not here: ${jobs.join(', ')}, which run by a schedule; other targets carry them.`]
      : []),
    ...(folders.length > 0
      ? [
          `Volumes and files of ${folders.join(', ')} have the paths of another system, and are not made here.`,
        ]
      : []),
    ...(model.database && model.database.host === undefined
      ? ['The database is expected on this machine; it is not installed here.']
      : []),
  ];
}
