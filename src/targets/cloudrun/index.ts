import type { Artifact } from '../../artifacts/artifact.ts';
import { cloudRunOf } from '../../model/cloudrun.ts';
import type { Target } from '../target.ts';
import { notesOf } from './notes.ts';
import { scriptsView } from './scripts.ts';
import { serviceView } from './service.ts';

const FOLDER = 'deploy/cloudrun';

export const cloudrun: Target = {
  id: 'cloudrun',
  title: 'Cloud Run services, with scripts that set up, deploy and go back',
  applies: model => (cloudRunOf(model)?.services.length ?? 0) > 0,
  notes: model => notesOf(model).map(note => `cloudrun: ${note}`),
  render: (model, engine) => {
    const cloud = cloudRunOf(model);
    if (!cloud) return [];
    const artifact = (file: string, content: string): Artifact => ({
      path: `${FOLDER}/${file}`,
      content,
      target: cloudrun.id,
    });
    const scripts = scriptsView(model, cloud);
    return [
      ...cloud.services.map(own =>
        artifact(own.file, engine.render('cloudrun/cloudrun.service.yaml', serviceView(model, cloud, own))),
      ),
      ...['setup.sh', 'deploy.sh', 'rollback.sh'].map(file => ({
        ...artifact(file, engine.render(`cloudrun/${file}`, scripts)),
        mode: 0o755,
      })),
    ];
  },
};
