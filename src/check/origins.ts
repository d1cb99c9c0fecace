import {
  argument,
  type Chain,
  type Directive,
  effectiveAll,
  named,
  placeOf,
} from '../artifacts/nginx/nginx.ts';
import { allServers, chainOf, locationsOf } from '../artifacts/nginx/servers.ts';
import type { Context } from './context.ts';
import { oncePerPlace } from './once.ts';
import type { Finding } from './rule.ts';

/** Answers that name any origin, and allow credentials beside it. */
export function openOrigins(context: Context): readonly Finding[] {
  const reflecting = reflectingMaps(context);
  const chains = allServers(context.documents).flatMap((server): Chain[] => [
    chainOf(server),
    ...locationsOf(server),
  ]);
  return oncePerPlace(chains.flatMap(chain => levels(chain).flatMap(level => findingIn(level, reflecting))));
}

/** The block itself and each `if` in it, whose headers replace those around; one that looks at the origin first is a guard. */
const levels = (chain: Chain): readonly Chain[] => [
  chain,
  ...named(chain[0]?.block, 'if')
    .filter(each => !each.args.some(({ value }) => /http_origin/.test(value)))
    .map(each => [each, ...chain]),
];

const NAMES = ['add_header', 'more_set_headers'];

function findingIn(chain: Chain, reflecting: ReadonlySet<string>): Finding[] {
  const headers = NAMES.flatMap(name => effectiveAll(chain, name)).map(directive => ({
    directive,
    ...headerOf(directive),
  }));
  const credentials = headers.find(
    ({ name, value }) => name === 'access-control-allow-credentials' && /^true$/i.test(value),
  );
  const origin = headers.find(
    ({ name, value }) =>
      name === 'access-control-allow-origin' &&
      (value === '*' || /^\$\{?http_origin\}?$/.test(value) || reflecting.has(value.replace(/[${}]/g, ''))),
  );
  if (!origin || !credentials) return [];
  const what =
    origin.value === '*' ? 'any origin (*) is named' : `whatever origin asks is named (${origin.value})`;
  return [
    {
      at: placeOf(origin.directive),
      message: `${what}, and credentials are allowed`,
      related: [{ ...placeOf(credentials.directive), message: 'Access-Control-Allow-Credentials: true' }],
    },
  ];
}

/** `add_header Name value` and `more_set_headers "Name: value"`. */
function headerOf({ name, args }: Directive): { name: string; value: string } {
  const [first = '', second = ''] = args.map(each => each.value);
  const [whole, header, value] = /^([\w-]+):\s*(.*)$/.exec(first) ?? [];
  return name === 'more_set_headers' && whole
    ? { name: (header ?? '').toLowerCase(), value: value ?? '' }
    : { name: first.toLowerCase(), value: second };
}

/** Variables that a map fills with the origin whatever it is. */
const reflectingMaps = ({ documents }: Context): ReadonlySet<string> =>
  new Set(
    documents.flatMap(each =>
      each.kind === 'nginx'
        ? [each.body, ...named(each.body, 'http').map(http => http.block)]
            .flatMap(block => named(block, 'map'))
            .filter(
              map =>
                /http_origin/.test(argument(map) ?? '') &&
                named(map.block, 'default').some(entry => /http_origin|^\*$/.test(argument(entry) ?? '')),
            )
            .map(map => (argument(map, 1) ?? '').replace(/[${}]/g, ''))
        : [],
    ),
  );
