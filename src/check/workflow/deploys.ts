import { jobOf } from '../../artifacts/workflow/scope.ts';
import { eventsOf, type Job, needsOf, useOf, type Workflow } from '../../artifacts/workflow/workflow.ts';
import { at, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';

/** Commands that put a version in the place of what serves. */
const COMMANDS =
  /^(?:kubectl\b.{0,200}\b(?:apply|replace|set\s+image|rollout\s+restart)\b|helm\s+(?!(?:dependency|plugin|repo)\b).{0,80}\b(?:upgrade|install)\b|helmfile\b.{0,80}\b(?:apply|sync)\b|gcloud\b.{0,40}\b(?:run|app|functions)\s+(?:services\s+replace|deploy)\b|aws\s+ecs\s+update-service\b|aws\s+lambda\s+update-function-code\b|(?:eb|copilot|sam|cdk|serverless|sls|fly|flyctl|wrangler|kamal)\s+deploy\b|vercel\b.{0,80}--prod\b|heroku\s+container:release\b|az\s+(?:webapp|containerapp)\s+(?:up|update|deploy)\b|(?:npx\s.{0,40})?(?:aideploy(?:@\S{1,40})?|"?\$\{?AIDEPLOY_PACKAGE\}?"?)\s+deploy\b|docker\s+stack\s+deploy\b|ssh\b.{0,200}\bdocker[ -]compose\b.{0,80}\bup\b|make\s+deploy\b|(?:bash\s+|sh\s+)?[\w./${}-]{0,80}\bdeploy(?:[-_][\w-]{1,30})?\.sh\b)/;
const ACTIONS =
  /^(?:google-github-actions\/deploy-(?:cloudrun|appengine|cloud-functions)|azure\/(?:webapps-deploy|k8s-deploy|container-apps-deploy-action|functions-action)|aws-actions\/amazon-ecs-deploy-task-definition|akhileshns\/heroku-deploy|digitalocean\/app_action(?:\/deploy)?)$/i;
/** A cluster that lives as long as the job, a page, or something for one pull request. */
const PASSING =
  /\bkind\s+(?:create|load|export)\b|helm\/kind-action|engineerd\/setup-kind|\bk3[ds]\b|minikube|microk8s|ctlptl|--dry-run|gh-pages|preview/i;
const WITHOUT_WRAPPER = /^(?:(?:sudo|time|exec|env)\s+|[A-Z_]\w{0,60}=\S{0,200}\s+)+/;

export interface Deploy {
  /** `kubectl apply`, or the action. */
  readonly what: string;
  readonly step: YamlNode;
  readonly index: number;
}

/** The first step of a job that deploys to somewhere that stays. */
export function deployOf(job: Job): Deploy | undefined {
  const { content } = job.node.text;
  if (PASSING.test(content.slice(job.node.start, job.node.end)) || /docs|pages|site/i.test(job.id.source))
    return undefined;
  for (const [index, step] of job.steps.entries()) {
    const action = useOf(step)?.action ?? '';
    if (ACTIONS.test(action)) return { what: action, step, index };
    const command = commandsOf(step).find(each => COMMANDS.test(each));
    if (command) return { what: COMMANDS.exec(command)?.[0].replace(/\s+/g, ' ') ?? '', step, index };
  }
  return undefined;
}

/** The commands of a script, roughly: each begins a line or stands behind an operator. */
export const commandsOf = (step: YamlNode): readonly string[] =>
  (textOfNode(at(step, 'run')) ?? '')
    .replace(/\$\{\{[^}]*\}\}/g, '${}')
    .split(/\n|&&|\|\||;|\|/)
    .map(line => line.trim().replace(WITHOUT_WRAPPER, ''))
    .filter(line => line !== '' && !line.startsWith('#'));

const TESTS =
  /\b(?:tests?|pytest|vitest|jest|tox|nox|ctest|rspec|checks?|verify|lint|golangci-lint|ruff|mypy|tsc|clippy|ci)\b/i;

/** What others define may test, too. */
const saysThatItTests = (job: Job): boolean =>
  at(job.node, 'uses') !== undefined ||
  TESTS.test(`${job.id.source.replace(/[_-]/g, ' ')} ${textOfNode(at(job.node, 'name')) ?? ''}`);

const hasTests = (steps: readonly YamlNode[]): boolean =>
  steps.some(
    step => commandsOf(step).some(each => TESTS.test(each)) || TESTS.test(useOf(step)?.action ?? ''),
  );

/** What pull requests alone start deploys nothing that stays. */
export const isForReview = (workflow: Workflow): boolean =>
  eventsOf(workflow).every(({ name }) => /^(?:pull_request|merge_group)/.test(name));

/** Tests before it; or something else decided, a person or another workflow. */
export function isTested(workflow: Workflow, job: Job, { index }: Deploy): boolean {
  const decided = /^(?:workflow_run|workflow_dispatch|workflow_call|release|deployment|repository_dispatch)$/;
  if (eventsOf(workflow).every(({ name }) => decided.test(name))) return true;
  const [waiting, seen] = [[job], new Set<Job>([job])];
  for (const each of waiting)
    for (const need of needsOf(each)) {
      const other = jobOf(workflow, need.source.toLowerCase());
      if (!other || seen.has(other)) continue;
      seen.add(other);
      waiting.push(other);
    }
  return (
    waiting.slice(1).some(each => saysThatItTests(each) || hasTests(each.steps)) ||
    hasTests(job.steps.slice(0, index))
  );
}

const MOVING =
  /[\w./}-]+:(latest|main|master|stable|\$\{\{ ?github\.(?:ref_name|head_ref) ?\}\}|\$\{?GITHUB_REF_NAME\}?)(?=["'\s,]|$)/;

/** `KEY=name:latest` is a version of a secret. */
const SECRETS = /--(?:set|update)-secrets[= ]\S+/g;

export const movingTag = ({ step }: Deploy): string | undefined =>
  MOVING.exec(step.text.content.slice(step.start, step.end).replace(SECRETS, ''))?.[1];
