import type { Fact } from '../../../artifacts/fact.ts';
import type { Context, Member } from '../../context.ts';
import { known } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, duration } from '../../words.ts';

export const llmExceedsRequest: Rule = {
  id: 'cross/llm-exceeds-request',
  severity: ['error', 'warning'],
  title: 'calls to the model that may outlast the request they are made for',
  why: 'The request is given up while the call to the model goes on: the user gets an error where a shorter limit or a later attempt would have given an answer, and each such call is paid for.',
  fix: 'Keep attempts x timeout + waits between them below the timeout of a request.',
  fixable: 'no',
  example: { bad: 'LLM_TIMEOUT=60s\nREQUEST_TIMEOUT=60s', good: 'LLM_TIMEOUT=45s\nREQUEST_TIMEOUT=60s' },
  check: context =>
    context.members.filter(member => member.form !== 'route').flatMap(member => findingsOf(context, member)),
};

function findingsOf(context: Context, member: Member): Finding[] {
  // What aideploy.yaml says is said once, not for each platform.
  const [llm, request] = [known(context, member, 'timeout.llm'), known(context, member, 'timeout.request')];
  const [retries, backoff] = [known(context, member, 'llm.retries'), known(context, member, 'llm.backoff')];
  if (!llm || !request || request.origin === 'default' || !member.facts.some(fact => fact === llm)) return [];
  if (llm.value >= request.value)
    return [
      finding(
        llm,
        request,
        `a call to the model may take ${duration(llm.value)}, and the whole request no longer than ${duration(request.value)}`,
      ),
    ];
  if (!retries) return [];
  const attempts = retries.value + 1;
  const total = attempts * llm.value + retries.value * (backoff?.value ?? 0);
  if (total <= request.value) return [];
  const message = `${attempts} attempts of ${duration(llm.value)} take up to ${duration(total)}, and the whole request no longer than ${duration(request.value)}`;
  return [finding(llm, request, message, [cited(retries), ...(backoff ? [cited(backoff)] : [])])];
}

const finding = (
  llm: Fact<'timeout.llm'>,
  request: Fact<'timeout.request'>,
  message: string,
  more: Finding['related'] = [],
): Finding => ({
  at: llm.at,
  message,
  related: [cited(request as Member['facts'][number]), ...more],
});
