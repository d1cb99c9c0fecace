import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ProjectCheck } from '../../doctor/tool.ts';
import type { Model } from '../../model/model.ts';
import type { Declaration } from '../command.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../exit.ts';

const DEFAULT_FILE = 'aideploy.yaml';

export const doctor: Declaration = {
  name: 'doctor',
  summary: 'which outside tools are here and what each is needed for',
  declare: command => {
    command.addHelpText(
      'after',
      '\nWith an aideploy.yaml it looks for what that needs, else for everything.\nExit code 1: something required is missing, old or broken.',
    );
  },
  action: async context => {
    const { examine, isWell } = await import('../../doctor/examine.ts');
    const { TARGETS } = await import('../../targets/all.ts');
    const found = await project(context);
    const examination = await examine(
      context.root,
      found?.model,
      TARGETS.map(({ id }) => id),
      found ? [...found.checks, await checkState(context.root)] : [],
    );
    const { tools, checks } = examination;
    if (context.format === 'json')
      context.json({ tools, project: { file: found ? context.configFile : null, checks } });
    else {
      const { doctorTable } = await import('../../doctor/table.ts');
      context.result(doctorTable(tools, checks));
    }
    if (found && !found.model) return EXIT.usage;
    return isWell(examination) ? EXIT.yes : EXIT.no;
  },
};

interface Found {
  readonly model: Model | undefined;
  readonly checks: readonly ProjectCheck[];
}

/** A configuration that is wrong is a finding here: the tools are looked at all the same. */
async function project(context: Context): Promise<Found | undefined> {
  const isThere = await access(resolve(context.root, context.configFile)).then(
    () => true,
    () => false,
  );
  if (!isThere && context.configFile === DEFAULT_FILE && context.environment === undefined) return undefined;
  const { readModel } = await import('../project.ts');
  const id = 'configuration';
  try {
    const model = await readModel(context);
    return { model, checks: [{ id, status: 'ok', message: `${context.configFile} is valid` }] };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    const [message = '', ...more] = error.message.split('\n');
    const rest = more.length > 0 ? { hint: `and ${more.length} more; aideploy render names them` } : {};
    return { model: undefined, checks: [{ id, status: 'failed', message, ...rest }] };
  }
}

async function checkState(root: string): Promise<ProjectCheck> {
  const { loadState } = await import('../../workspace/state.ts');
  try {
    const files = Object.keys((await loadState(root)).entries).length;
    const message = files > 0 ? `${files} rendered files are known` : 'nothing was rendered yet';
    return { id: 'state', status: 'ok', message };
  } catch (error) {
    return { id: 'state', status: 'failed', message: (error as Error).message };
  }
}
