/** What the contexts hold whose contents nobody chooses. */
export const PROPERTIES: Readonly<Record<string, string>> = {
  // https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context
  github:
    'action action_path action_ref action_repository action_status actor actor_id api_url artifact_cache_size_limit base_ref env event event_name event_path graphql_url head_ref job output path ref ref_name ref_protected ref_type repository repository_id repository_owner repository_owner_id repository_visibility repositoryurl retention_days run_attempt run_id run_number secret_source server_url sha state step_summary token triggering_actor workflow workflow_ref workflow_sha workspace',
  runner: 'arch debug environment name os temp tool_cache workspace',
  strategy: 'fail-fast job-index job-total max-parallel',
};

export const CONTEXTS: readonly string[] =
  'env github inputs job jobs matrix needs runner secrets steps strategy vars'.split(' ');

/** How many arguments a function takes, at least and at most. */
export const FUNCTIONS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  always: [0, 0],
  cancelled: [0, 0],
  case: [3, Number.POSITIVE_INFINITY],
  contains: [2, 2],
  endswith: [2, 2],
  failure: [0, Number.POSITIVE_INFINITY],
  format: [1, Number.POSITIVE_INFINITY],
  fromjson: [1, 1],
  hashfiles: [1, Number.POSITIVE_INFINITY],
  join: [1, 2],
  startswith: [2, 2],
  success: [0, Number.POSITIVE_INFINITY],
  tojson: [1, 1],
};

/** Functions that tell of what happened so far, which only a condition asks. */
export const OF_CONDITIONS: readonly string[] = ['always', 'cancelled', 'failure', 'success'];

const START = 'github inputs vars';
const JOB = `${START} needs strategy matrix`;
const STEP = `${JOB} env job runner steps`;

/** Keys, with `*` for a name that somebody chose, and the contexts that can be filled in there. The first that fits holds. */
const AVAILABLE: readonly (readonly [path: string, contexts: string])[] = [
  ['run-name', START],
  ['concurrency', START],
  ['env', `${START} secrets`],
  ['on workflow_call inputs * default', START],
  ['on workflow_call outputs * value', `${START} jobs`],
  ['jobs * if', `${START} needs`],
  ['jobs * strategy', `${START} needs`],
  ['jobs * concurrency', JOB],
  ['jobs * name', JOB],
  ['jobs * runs-on', JOB],
  ['jobs * timeout-minutes', JOB],
  ['jobs * continue-on-error', JOB],
  ['jobs * with', JOB],
  ['jobs * env', `${JOB} secrets`],
  ['jobs * secrets', `${JOB} secrets`],
  ['jobs * defaults run', `${JOB} env`],
  ['jobs * environment url', STEP],
  ['jobs * environment', JOB],
  ['jobs * outputs', `${STEP} secrets`],
  ['jobs * container env', `${JOB} env job runner secrets`],
  ['jobs * container credentials', `${JOB} env secrets`],
  ['jobs * container', JOB],
  ['jobs * services * env', `${JOB} env job runner secrets`],
  ['jobs * services * credentials', `${JOB} env secrets`],
  ['jobs * services', JOB],
  ['jobs * steps * if', STEP],
  ['jobs * steps * uses', ''],
  ['jobs * steps * id', ''],
  ['jobs * steps', `${STEP} secrets`],
];

/**
 * The contexts that a key knows; undefined where no page says.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#context-availability
 */
export function contextsAt(path: readonly string[]): readonly string[] | undefined {
  const found = AVAILABLE.find(([pattern]) => {
    const steps = pattern.split(' ');
    return steps.length <= path.length && steps.every((step, i) => step === '*' || step === path[i]);
  });
  return found?.[1].split(' ').filter(Boolean);
}
