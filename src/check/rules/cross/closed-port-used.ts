import { calledAddresses } from '../../called-addresses.ts';
import type { Context } from '../../context.ts';
import { frontsOf } from '../../fronts.ts';
import { oncePerPlace } from '../../once.ts';
import type { Rule } from '../../rule.ts';

export const closedPortUsed: Rule = {
  id: 'cross/closed-port-used',
  severity: 'warning',
  title: 'a call past the proxy, to a port that is for the proxy alone',
  why: 'The backend listens for the proxy on its host: from elsewhere the port is closed and the call fails, or it is open and tokens and answers cross the network in clear text, past the limits and logs of the proxy.',
  fix: 'Call the name at the port of the proxy (https://name/path); on the host itself call 127.0.0.1.',
  fixable: 'no',
  example: {
    bad: 'curl -f http://api.example.com:8080/health',
    good: 'curl -f https://api.example.com/health',
  },
  check: (context: Context) => {
    const fronts = frontsOf(context);
    if (fronts.size === 0) return [];
    return oncePerPlace(
      calledAddresses(context).flatMap(({ host, port, scheme, at }) => {
        const front = fronts.get(host);
        const backend = front?.backends.get(port);
        if (!front || !backend || front.ports.has(port) || scheme === 'https') return [];
        return [
          {
            at,
            message: `${host}:${port} is asked past the proxy, whose backend listens there`,
            related: [{ ...backend, message: `${host} is answered here, and handed on to port ${port}` }],
          },
        ];
      }),
    );
  },
};
