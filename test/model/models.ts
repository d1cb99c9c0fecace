import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import type { Model, Service } from '../../src/model/model.ts';
import { bytes, minimal } from '../config/fixtures.ts';

/** The model of a text, whole or under one environment. */
export function modelOf(text: string, environment?: string): Model {
  const project = loadConfig('aideploy.yaml', bytes(text));
  const config = environment === undefined ? project.base : project.environments[environment];
  if (!config) throw new Error(`no environment ${environment}`);
  return buildModel(config, environment);
}

/** The smallest service with some lines of its own. */
export function serviceOf(lines = '', more = ''): Service {
  const [service] = modelOf(minimal(more, lines)).services;
  if (!service) throw new Error('no service');
  return service;
}
