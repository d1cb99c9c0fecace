import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { chooseEnvironment, loadConfig, type Project } from '../config/load.ts';
import { buildModel } from '../model/build.ts';
import type { ProjectModel } from '../model/model.ts';
import type { Context } from './context.ts';
import { UsageError } from './exit.ts';
import { readSources } from './sources.ts';

export async function readProject(context: Context): Promise<Project> {
  const path = resolve(context.root, context.configFile);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR')
      throw new UsageError(`${context.configFile}: a folder, where the configuration is a file`);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new UsageError(
      `${context.configFile}: no such file in ${context.root}; \`aideploy init\` writes one, -C and -f name another place`,
    );
  }
  return loadConfig(context.configFile, bytes);
}

export async function readModel(context: Context, tag?: string): Promise<ProjectModel> {
  return modelOf(context, await readProject(context), tag);
}

/** As a configuration says that is not in the project any more; where it names a tag, this one takes its place. */
export function modelIn(context: Context, text: string, tag: string): ProjectModel {
  const project = loadConfig(context.configFile, Buffer.from(text));
  return modelOf(context, project, project.base.image.tag && tag);
}

function modelOf(context: Context, project: Project, tag?: string): ProjectModel {
  chooseEnvironment(project, context.environment);
  const sources = readSources(context.root, project);
  return buildModel(project, context.environment, { tag, sources });
}
