import { passOf } from '../../../artifacts/nginx/facts.ts';
import { argument, named, placeOf } from '../../../artifacts/nginx/nginx.ts';
import {
  allServers,
  listenersOf,
  locationsOf,
  namesOf,
  redirects,
  type Server,
} from '../../../artifacts/nginx/servers.ts';
import { certbotOf } from '../../certbot.ts';
import type { Context } from '../../context.ts';
import { firewallOf, lets } from '../../firewall.ts';
import type { Finding, Rule } from '../../rule.ts';

export const acmeBlocked: Rule = {
  id: 'cross/acme-blocked',
  severity: 'error',
  title: 'a certificate that cannot be renewed, or a redirect that nobody reaches',
  why: 'The authority asks for a file at port 80: where the firewall or the proxy does not let it through, the renewal fails for weeks without a sign and the site goes down on the day the certificate ends. A redirect behind a closed port sends nobody anywhere.',
  fix: 'Let port 80 in, and answer /.well-known/acme-challenge/ from the folder that certbot writes to, before the redirect.',
  fixable: 'no',
  example: {
    bad: 'ufw allow 443/tcp   # certbot certonly --webroot',
    good: 'ufw allow 80/tcp && ufw allow 443/tcp',
  },
  check: context => [...behindFirewall(context), ...withoutLocation(context)],
};

/** Port 80 is closed, and something needs it. */
function behindFirewall(context: Context): Finding[] {
  const firewall = firewallOf(context);
  if (!firewall || lets(firewall, 80) !== false || lets(firewall, 443) !== true) return [];
  const renewal = certbotOf(context).find(({ challenge }) => challenge !== 'dns');
  const redirect = allServers(context.documents).find(
    server => listenersOf(server).some(({ port }) => port === 80) && redirects(server.block),
  );
  const needs = [
    ...(renewal ? [{ ...renewal.at, message: 'certbot is asked there' }] : []),
    ...(redirect ? [{ ...placeOf(redirect.block), message: 'the redirect listens there' }] : []),
  ];
  const what = renewal ? 'the renewal of the certificate' : 'the redirect to https';
  return needs.length === 0
    ? []
    : [
        {
          at: firewall.enabled,
          message: `the firewall lets 443 in and not 80, which ${what} needs`,
          related: needs,
        },
      ];
}

const CHALLENGE = '/.well-known/acme-challenge/';

/** certbot writes the file, and no server of the name answers with it. */
function withoutLocation(context: Context): Finding[] {
  const servers = allServers(context.documents);
  return certbotOf(context).flatMap(({ challenge, domains, at }): Finding[] => {
    if (challenge !== 'webroot') return [];
    return domains.flatMap((domain): Finding[] => {
      const own = servers.filter(server => namesOf(server).includes(domain));
      const plain = own.find(server => listenersOf(server).some(({ port, tls }) => port === 80 && !tls));
      if (!plain || own.some(answers)) return [];
      // A redirect is followed: then the other server has to answer.
      const last = redirects(plain.block) ? own.filter(server => server !== plain) : [plain];
      if (last.length === 0 || !last.every(proxiesAll)) return [];
      const message = `nothing answers ${CHALLENGE} of ${domain}: every path is redirected or handed on`;
      return [
        {
          at: placeOf(plain.block),
          message,
          related: [{ ...at, message: 'certbot writes the challenge to its webroot' }],
        },
      ];
    });
  });
}

const answers = (server: Server): boolean =>
  named(server.block.block, 'include').length > 0 ||
  locationsOf(server).some(([location]) => location?.args.some(({ value }) => /acme|well-known/.test(value)));

const proxiesAll = (server: Server): boolean =>
  locationsOf(server).some(([location]) => location && argument(location) === '/' && passOf(location));
