import { isMapping } from '../config/environments.ts';
import { loadConfig } from '../config/load.ts';
import { ConfigError, describeProblem } from '../config/problem.ts';
import type { Detection } from '../detect/detection.ts';
import { toConfig } from '../detect/draft.ts';
import { AnswerError, parseSetting, valueAt, withAnswers, withValue } from './answers.ts';
import { writeDocument } from './document.ts';
import { factsOf } from './facts.ts';
import { PRESET_NAMES, PRESETS, type Preset } from './presets.ts';
import { flagFor, openQuestions, type Question } from './questions.ts';

/** The path that the draft proposes where no route answers for health. */
const PROPOSED_LIVE = '/health/live';

type Mapping = Record<string, unknown>;

export interface Given {
  readonly preset?: string | undefined;
  readonly from?: Mapping | undefined;
  readonly set?: readonly string[] | undefined;
}

/** What the repository, a preset and the flags say together, before anybody is asked. */
export function draftFrom(detection: Detection, { preset, from, set = [] }: Given): Mapping {
  const detected = toConfig(detection) as Mapping;
  const base = preset === undefined ? detected : presetWith(preset, detected, detection.name.value);
  const answered = withAnswers({ version: 1, ...base }, from ? [from] : []);
  return set.map(parseSetting).reduce((draft, { path, value }) => withValue(draft, path, value), answered);
}

/** A preset gives the shape; the repository corrects its first service where it holds that very language. */
function presetWith(name: string, detected: Mapping, projectName: string): Mapping {
  if (!PRESET_NAMES.includes(name as Preset))
    throw new AnswerError(`--preset ${name}: there are ${PRESET_NAMES.join(', ')}`);
  const preset = structuredClone(PRESETS[name as Preset]) as unknown as Mapping & {
    services: Record<string, Mapping>;
  };
  const [first] = Object.keys(preset.services);
  const candidates = isMapping(detected['services'])
    ? Object.values(detected['services']).filter(isMapping)
    : [];
  const like = candidates.filter(
    service => service['language'] === preset.services[first ?? '']?.['language'],
  );
  const services =
    like.length === 1 && first
      ? { ...preset.services, [first]: { ...preset.services[first], ...like[0] } }
      : preset.services;
  return { ...preset, name: projectName, services };
}

/** The answers nobody gave, each taken from its fallback; what has none is an error that names the flag. */
export function withFallbacks(draft: Mapping): Mapping {
  const open = openQuestions(draft);
  const missing = open.filter(question => question.fallback === undefined && !question.optional);
  if (missing.length > 0)
    throw new AnswerError(
      ['nobody can be asked here, and these are not known:', ...missing.map(remedy)].join('\n'),
    );
  return open.reduce(
    (result, question) => (question.optional ? result : withValue(result, question.path, question.fallback)),
    draft,
  );
}

const remedy = (question: Question) => `  ${question.message}: ${flagFor(question)}`;

/** The text of aideploy.yaml, checked as it will be read; facts of the repository stand as comments. */
export function documentFrom(draft: Mapping, detection: Detection): string {
  const comments = new Map<string, string>(
    factsOf(detection).flatMap(fact =>
      fact.path ? [[fact.path, `${fact.file}:${fact.line}${fact.likely ? ' (likely)' : ''}`] as const] : [],
    ),
  );
  for (const { key, health } of detection.services) {
    const isOurs = valueAt(draft, ['services', key, 'health', 'live']) === PROPOSED_LIVE;
    if (health.missing && isOurs)
      comments.set(`services/${key}/health`, 'not served yet: add these, or name yours');
  }
  const text = writeDocument(draft, comments);
  try {
    loadConfig('aideploy.yaml', new TextEncoder().encode(text));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map(problem => describeProblem(problem).replace(/^\S+ /, '  '));
    throw new AnswerError(['these answers do not make a valid configuration:', ...problems].join('\n'));
  }
  return text;
}
