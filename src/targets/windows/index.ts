import type { Artifact } from '../../artifacts/artifact.ts';
import { isBuilt, type Model, servicesOf } from '../../model/model.ts';
import { windowsFolder } from '../../model/windows.ts';
import type { Engine } from '../../render/engine.ts';
import type { Target } from '../target.ts';
import { variablesOf } from './secrets.ts';
import { viewOf } from './view.ts';

export const windows: Target = {
  id: 'windows',
  title: 'Windows services by NSSM, or scheduled tasks: install, upgrade, rollback, uninstall',
  applies: model => model.targets.windows !== undefined,
  render: (model, engine) => {
    const view = viewOf(model);
    const file = (path: string, template: string): Artifact => ({
      path: `deploy/windows/${path}`,
      content: engine.render(`windows/${template}`, view),
      target: windows.id,
    });
    return [
      ...['install.cmd', 'upgrade.cmd', 'rollback.cmd', 'uninstall.cmd', 'release.cmd'].map(name =>
        file(name, name),
      ),
      file('service.cmd', view.nssm ? 'nssm.cmd' : 'task.cmd'),
      ...(view.nssm ? ['environment.ps1'] : ['task.ps1', 'run.ps1']).map(name => file(name, name)),
      ...examples(model, engine),
    ];
  },
};

/** One file for each service that needs something of its operator. */
function examples(model: Model, engine: Engine): Artifact[] {
  return servicesOf(model, 'windows')
    .filter(isBuilt)
    .filter(({ kind }) => kind !== 'job')
    .map(service => ({ service, variables: variablesOf(model, service) }))
    .filter(({ variables }) => variables.length > 0)
    .map(({ service, variables }) => ({
      path: `deploy/windows/${service.unit}.env.example`,
      content: engine.render('windows/unit.env.example', {
        title: `What ${service.unit} is told by its operator.`,
        file: `${windowsFolder(model)}\\config\\${service.unit}.env`,
        variables,
      }),
      target: windows.id,
    }));
}
