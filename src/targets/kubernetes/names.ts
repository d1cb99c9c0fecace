import type { Model, Service } from '../../model/model.ts';

type Labels = Readonly<Record<string, string>>;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
export const labels = (model: Model, name: string, component: string): Labels => ({
  ...selector(name),
  'app.kubernetes.io/component': component,
  ...partOf(model),
});

export const partOf = ({ name }: Model): Labels => ({ 'app.kubernetes.io/part-of': name });

/** A selector can't be changed later, so it says no more than it has to. */
export const selector = (name: string): Labels => ({ 'app.kubernetes.io/name': name });

export const labelsOf = (model: Model, { unit, key }: Service): Labels => labels(model, unit, key);

export const environmentName = ({ unit }: Service): string => `${unit}-environment`;

export const filesName = ({ unit }: Service): string => `${unit}-files`;

/** The Service without an address that gives each pod of a StatefulSet its name. */
export const podsName = ({ unit }: Pick<Service, 'unit'>): string => `${unit}-pods`;

/** The job that has an Ollama fetch its models. */
export const pullName = ({ unit }: Service): string => `${unit}-pull`;

export const databaseName = ({ name }: Model): string => `${name}-db`;

/** The Secret of a database that runs beside the service: the passwords of its roles. */
export const databaseSecretName = (model: Model): string => `${databaseName(model)}-passwords`;
