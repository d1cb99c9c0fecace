import { type BuiltService, isBuilt, type Model } from '../model/model.ts';

/** Where a service's Dockerfile stands: at the top, or under docker/ where several services are built. */
export const dockerfilePath = (model: Model, service: BuiltService): string =>
  model.services.filter(isBuilt).length === 1 ? 'Dockerfile' : `docker/${service.key}.Dockerfile`;
