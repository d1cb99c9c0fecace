import { type Job, startedBy, type Workflow } from '../../../artifacts/workflow/workflow.ts';
import { at, placeOf } from '../../../artifacts/yaml.ts';
import type { Finding, Rule } from '../../rule.ts';
import { listed } from '../../words.ts';
import { deployOf, isForReview, isTested, movingTag } from '../../workflow/deploys.ts';

export const ungatedDeploy: Rule = {
  id: 'github/ungated-deploy',
  severity: 'warning',
  title: 'a deploy that nothing holds back',
  why: 'Without tests before it a broken commit goes live, without a group two runs deploy over each other and the older one may win, without an environment nobody can be asked and its secrets are open to every branch, and a tag that moves is another image at the next restart.',
  fix: 'Let the job wait for the tests (needs, or workflow_run), give it an environment and a concurrency group with cancel-in-progress: false, and deploy by digest.',
  fixable: 'no',
  example: {
    bad: 'deploy:\n  steps: [{run: kubectl apply -k overlays/production}]',
    good: 'deploy:\n  needs: test\n  environment: production\n  concurrency: {group: deploy-production, cancel-in-progress: false}\n  steps: [{run: kubectl apply -k overlays/production}]',
  },
  check: context =>
    context
      .of('workflow')
      .flatMap(({ body }) => (isForReview(body) ? [] : body.jobs.flatMap(job => findingsOf(body, job)))),
};

function findingsOf(workflow: Workflow, job: Job): Finding[] {
  const deploy = deployOf(job);
  if (!deploy) return [];
  const called = startedBy(workflow, 'workflow_call');
  const moving = movingTag(deploy);
  const missing = [
    ...(isTested(workflow, job, deploy) ? [] : ['a job of tests before it']),
    // Who calls it may hold the group.
    ...(called || at(job.node, 'concurrency') || at(workflow.root, 'concurrency')
      ? []
      : ['a concurrency group']),
    ...(at(job.node, 'environment') ? [] : ['an environment']),
  ];
  if (missing.length === 0 && !moving) return [];
  const by = moving ? `${missing.length > 0 ? ', and' : ''} by the tag ${moving}, which moves` : '';
  const without = missing.length > 0 ? ` without ${listed(missing)}` : '';
  return [
    {
      at: placeOf(job.id),
      message: `${job.id.source} deploys (${deploy.what})${without}${by}`,
      related: [{ ...placeOf(deploy.step), message: 'the deploy' }],
    },
  ];
}
