import { isBuilt } from '../../model/model.ts';
import type { Target } from '../target.ts';
import { buildView } from './view.ts';

export const build: Target = {
  id: 'build',
  title: 'A build script: gates, programs for every platform with checksums, images',
  applies: model => model.services.some(isBuilt),
  render: (model, engine) => [
    {
      path: 'scripts/build.sh',
      content: engine.render('build/build.sh', buildView(model)),
      mode: 0o755,
      target: build.id,
    },
  ],
};
