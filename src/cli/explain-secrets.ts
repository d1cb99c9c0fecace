import { type Trailer, trailersOf } from '../model/trailers.ts';
import { environmentsOf, type Setting, settingsOf } from '../model/workflow-settings.ts';
import { workflowsOf } from '../model/workflows.ts';
import type { Context } from './context.ts';
import { EXIT, type ExitCode, NoAnswerError, UsageError } from './exit.ts';
import { readModel } from './project.ts';

/** `render github --explain-secrets`: what the workflows read from GitHub's settings and from commits, and why. */
export async function explainSecrets(context: Context, names: readonly string[]): Promise<ExitCode> {
  if (names.length !== 1 || names[0] !== 'github')
    throw new UsageError('--explain-secrets is about one target: aideploy render github --explain-secrets');
  const model = await readModel(context);
  const settings = settingsOf(model);
  if (settings.length === 0)
    throw new NoAnswerError(
      'there is nothing to explain: the configuration has no workflows under targets.github',
    );
  const environments = environmentsOf(model);
  const trailers = trailersOf(workflowsOf(model));
  if (context.format === 'json') context.json({ settings, environments, trailers });
  else
    context.result(
      [
        ...settings.flatMap(lines),
        '',
        ...environments.map(environment),
        ...(trailers.length > 0 ? ['', ...trailers.flatMap(trailer)] : []),
      ].join('\n'),
    );
  return EXIT.yes;
}

const lines = ({ kind, name, needed, workflows, purpose }: Setting): string[] => [
  `${kind.padEnd(8)}  ${needed ? 'needed  ' : 'optional'}  ${name}  (${workflows.join(', ')})`,
  `                    ${purpose}`,
];

const environment = ({ name, workflows }: { name: string; workflows: readonly string[] }) =>
  `environment  ${name}  (${workflows.join(', ')}): who may let a run into it is set there`;

const trailer = ({ text, workflows, purpose }: Trailer): string[] => [
  `commit    optional  ${text}  (${workflows.join(', ')})`,
  `                    ${purpose}`,
];
