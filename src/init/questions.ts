import { isMapping } from '../config/environments.ts';
import { valueAt } from './answers.ts';

/** Something that only a person can know, as data: a prompt asks it, a flag answers it. */
export interface Question {
  readonly path: readonly string[];
  readonly message: string;
  readonly kind: 'text' | 'number' | 'choice' | 'choices';
  readonly choices?: readonly string[];
  /** Taken when nobody is asked. Without it the answer must come from a flag. */
  readonly fallback?: unknown;
  /** Left out of the file when the answer is empty. */
  readonly optional?: boolean;
}

export const flagFor = (question: Question): string =>
  `--set ${question.path.map(step => step.replaceAll('.', '\\.')).join('.')}=...`;

const LANGUAGES = ['go', 'python', 'node'];
/** What needs no setting of its own; those that do (kubernetes, cloudrun) are written into the file by hand. */
const TARGETS = ['docker', 'compose', 'systemd', 'nginx', 'windows', 'backup', 'monitoring'];
const USUAL = ['docker', 'compose'];

/** What the draft leaves open, in the order one would talk about it. */
export function openQuestions(draft: Record<string, unknown>): Question[] {
  const questions: Question[] = [];
  const ask = (question: Question) => {
    if (valueAt(draft, question.path) === undefined) questions.push(question);
  };
  ask({ path: ['name'], message: 'Name of the project (names units, images and objects)', kind: 'text' });
  const services = isMapping(draft['services']) ? Object.entries(draft['services']) : [];
  if (services.length === 0) questions.push(...firstService());
  for (const [key, service] of services)
    if (isMapping(service)) questions.push(...serviceQuestions(key, service));
  ask({ path: ['domain'], message: 'Public domain (empty: none)', kind: 'text', optional: true });
  ask({
    path: ['image', 'registry'],
    message: 'Registry that images are pushed to, such as ghcr.io/acme (empty: none)',
    kind: 'text',
    optional: true,
  });
  ask({
    path: ['targets'],
    message: 'What should be rendered?',
    kind: 'choices',
    choices: TARGETS,
    fallback: Object.fromEntries(USUAL.map(name => [name, {}])),
  });
  return questions;
}

function firstService(): Question[] {
  const at = (...rest: string[]) => ['services', 'api', ...rest];
  return [
    { path: at('language'), message: 'Language of the service', kind: 'choice', choices: LANGUAGES },
    { path: at('port'), message: 'Port that it listens on', kind: 'number' },
    { path: at('health', 'live'), message: 'Path that answers while the process is alive', kind: 'text' },
    { path: at('health', 'ready'), message: 'Path that answers when it can take requests', kind: 'text' },
  ];
}

function serviceQuestions(key: string, service: Record<string, unknown>): Question[] {
  const at = (...rest: string[]) => ['services', key, ...rest];
  const isHttp = service['kind'] === undefined || service['kind'] === 'http';
  const questions: Question[] = [];
  if (service['language'] === undefined && service['image'] === undefined)
    questions.push({
      path: at('language'),
      message: `Language of ${key}`,
      kind: 'choice',
      choices: LANGUAGES,
    });
  if (!isHttp) return questions;
  if (service['port'] === undefined)
    questions.push({ path: at('port'), message: `Port that ${key} listens on`, kind: 'number' });
  if (service['language'] === 'python' && valueAt(service, ['build', 'main']) === undefined)
    questions.push({
      path: at('build', 'main'),
      message: `ASGI object of ${key}, such as app.main:app`,
      kind: 'text',
    });
  // Somebody else's image, such as a cache, may serve no HTTP at all.
  if (service['image'] !== undefined) return questions;
  if (valueAt(service, ['health', 'live']) === undefined)
    questions.push({
      path: at('health', 'live'),
      message: `Path of ${key} that answers while the process is alive`,
      kind: 'text',
    });
  if (valueAt(service, ['health', 'ready']) === undefined)
    questions.push({
      path: at('health', 'ready'),
      message: `Path of ${key} that answers when it can take requests`,
      kind: 'text',
    });
  return questions;
}
