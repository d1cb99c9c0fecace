import { type Model, type Service, servicesOf } from '../../model/model.ts';
import { environmentOf } from './environment.ts';
import { environmentName, filesName, labelsOf } from './names.ts';
import type { ConfigMap } from './object.ts';

/** Variables that are no secrets. */
export const environmentConfig = (model: Model): ConfigMap[] =>
  servicesOf(model, 'kubernetes').flatMap(service => {
    const { plain } = environmentOf(model, service);
    if (Object.keys(plain).length === 0) return [];
    return [
      { file: service.key, name: environmentName(service), labels: labelsOf(model, service), env: plain },
    ];
  });

/** Files of the project that the program finds at a path. */
export const fileConfig = (model: Model): ConfigMap[] =>
  servicesOf(model, 'kubernetes').flatMap(service => {
    if (service.files.length === 0) return [];
    const files = Object.fromEntries(
      service.files.map((file, index) => [fileKeys(service)[index], file.content]),
    );
    return [{ file: service.key, name: filesName(service), labels: labelsOf(model, service), files }];
  });

/** A key of a ConfigMap for each file, after its name: letters, digits, `-`, `_` and `.` only. */
export function fileKeys({ files }: Service): string[] {
  const names = files.map(({ path }) => (path.split('/').at(-1) ?? '').replaceAll(/[^A-Za-z0-9._-]/g, '_'));
  return names.map((name, index) =>
    names.indexOf(name) === index && !/^\.*$/.test(name) ? name : `${index + 1}-${name}`,
  );
}
