import type { Artifact } from '../../artifacts/artifact.ts';
import type { Target } from '../target.ts';
import { siteView } from './site.ts';

export const nginx: Target = {
  id: 'nginx',
  title: 'The nginx site of a host: TLS, streams, limits, and what installs it',
  applies: model => model.targets.nginx !== undefined,
  render: (model, engine) => {
    const view = siteView(model);
    const file = (path: string, template: string, mode?: number): Artifact => ({
      path: `deploy/nginx/${path}`,
      content: engine.render(`nginx/${template}`, view),
      target: nginx.id,
      ...(mode !== undefined && { mode }),
    });
    return [
      file(`${model.name}.conf`, 'nginx.site.conf'),
      // nginx does not start without its certificates: the first is fetched through a site that needs none.
      ...(view.acme ? [file(`${model.name}-acme.conf`, 'nginx.acme.conf')] : []),
      file('install.sh', 'install.sh', 0o755),
      ...(view.instances.length > 0 ? [file('drain.sh', 'drain.sh', 0o755)] : []),
    ];
  },
};
