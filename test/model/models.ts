import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import type { ProjectModel, Service } from '../../src/model/model.ts';
import { bytes, minimal } from '../config/fixtures.ts';

/** The model of a text, whole or under one environment. */
export const modelOf = (text: string, environment?: string): ProjectModel =>
  buildModel(loadConfig('aideploy.yaml', bytes(text)), environment);

/** The smallest service with some lines of its own. */
export function serviceOf(lines = '', more = ''): Service {
  const [service] = modelOf(minimal(more, lines)).services;
  if (!service) throw new Error('no service');
  return service;
}
