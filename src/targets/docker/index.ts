import type { Artifact } from '../../artifacts/artifact.ts';
import { type BuiltService, isBuilt, type Model, servicesOf } from '../../model/model.ts';
import type { Engine } from '../../render/engine.ts';
import { dockerfilePath } from '../dockerfile-path.ts';
import type { Target } from '../target.ts';
import { goView } from './go.ts';
import { ignorePath, ignoreView } from './ignore.ts';
import { nodeView } from './node.ts';
import { pythonView } from './python.ts';

const VIEWS = { go: goView, node: nodeView, python: pythonView } as const;

export const docker: Target = {
  id: 'docker',
  title: 'Dockerfiles, and what their builders are not sent',
  applies: model => model.targets.docker !== undefined && model.services.some(isBuilt),
  render: (model, engine) => {
    const services = servicesOf(model, 'docker').filter(isBuilt);
    return [...services.map(service => dockerfile(model, service, engine)), ...ignoreFiles(services, engine)];
  },
};

const artifact = (path: string, content: string): Artifact => ({ path, content, target: docker.id });

function dockerfile(model: Model, service: BuiltService, engine: Engine): Artifact {
  const { language } = service.source;
  const view = VIEWS[language](model, service);
  return artifact(dockerfilePath(model, service), engine.render(`docker/${language}.Dockerfile`, view));
}

function ignoreFiles(services: readonly BuiltService[], engine: Engine): Artifact[] {
  const contexts = [...new Set(services.map(({ source }) => source.context))];
  return contexts.map(context => {
    const inside = services.filter(({ source }) => source.context === context);
    return artifact(ignorePath(context), engine.render('docker/.dockerignore', ignoreView(context, inside)));
  });
}
