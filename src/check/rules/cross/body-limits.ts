import { factOf } from '../../../artifacts/fact.ts';
import { ways } from '../../backends.ts';
import type { Context, Member } from '../../context.ts';
import { nginxSize, settingOf } from '../../edits/nginx.ts';
import { known } from '../../knowledge.ts';
import type { Finding, Rule } from '../../rule.ts';
import { cited, quoted, size } from '../../words.ts';

export const bodyLimits: Rule = {
  id: 'cross/body-limits',
  severity: ['warning', 'info'],
  title: 'a proxy that refuses bodies which the service takes',
  why: 'Long prompts, histories and uploads are answered 413 by the proxy, in its own format, and never reach the service that would have taken them.',
  fix: 'Set the limit of the proxy to that of the service: client_max_body_size, or the annotation proxy-body-size.',
  fixable: 'safe',
  example: {
    bad: 'location / { proxy_pass http://api; }   # MAX_BODY=8M',
    good: 'location / { client_max_body_size 8m; proxy_pass http://api; }',
  },
  check: context => ways(context).flatMap(({ route, backend }) => findingsOf(context, route, backend)),
};

function findingsOf(context: Context, route: Member, backend: Member): Finding[] {
  const [proxy, service] = [factOf(route, 'body.limit'), known(context, backend, 'body.limit')];
  if (!proxy) return [];
  if (service && proxy.value < service.value) {
    const message = `${route.name} refuses bodies above ${size(proxy.value)}${quoted(proxy)}, but ${backend.service ?? backend.name} takes ${size(service.value)}`;
    const edits =
      service.value === Number.POSITIVE_INFINITY
        ? []
        : settingOf(context, route.at, 'client_max_body_size', nginxSize(service.value));
    return [{ at: proxy.at, message, related: [cited(service)], edits }];
  }
  if (service || proxy.origin !== 'default') return [];
  const message = `${route.name} refuses bodies above ${size(proxy.value)}${quoted(proxy)}; what ${backend.service ?? backend.name} takes is not known`;
  return [{ at: proxy.at, severity: 'info', message }];
}
