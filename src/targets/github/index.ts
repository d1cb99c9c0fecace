import type { Artifact } from '../../artifacts/artifact.ts';
import { waysOf, workflowsOf } from '../../model/workflows.ts';
import type { Target } from '../target.ts';
import { ciView } from './ci.ts';
import { deployView, wayBackView } from './deploy.ts';
import { notesOf } from './notes.ts';
import { releaseView } from './release.ts';

const VIEWS = {
  ci: ciView,
  release: releaseView,
  'deploy-k8s': deployView,
  'rollback-k8s': wayBackView,
  'deploy-cloudrun': deployView,
  'rollback-cloudrun': wayBackView,
} as const;

export const github: Target = {
  id: 'github',
  title: 'GitHub Actions: what checks, releases and deploys',
  applies: model => workflowsOf(model).names.length > 0,
  notes: model => notesOf(model).map(note => `github: ${note}`),
  render: (model, engine) => {
    const workflows = workflowsOf(model);
    const { names } = workflows;
    const artifact = (path: string, content: string): Artifact => ({
      path: `.github/${path}`,
      content,
      target: github.id,
    });
    const script = (name: string) => ({
      ...artifact(`scripts/${name}`, engine.render(`github/${name}`, { name: model.base.name })),
      mode: 0o755,
    });
    return [
      ...names.map(name =>
        artifact(
          `workflows/${name}.yml`,
          engine.render(`github/${name}.workflow.yml`, VIEWS[name](model, workflows, name)),
        ),
      ),
      ...(waysOf(workflows).length > 0 ? [script('asked.sh'), script('report.sh')] : []),
    ];
  },
};
