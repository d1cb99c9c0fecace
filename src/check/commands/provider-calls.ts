import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type Call, callsOf } from '../scripts.ts';
import { listed } from '../words.ts';

export function providerCalls(context: Context): readonly Finding[] {
  return callsOf(context, 'curl').flatMap(findingsOf);
}

interface Endpoint {
  readonly url: RegExp;
  readonly posts: boolean;
  readonly headers: readonly (readonly [name: string, found: RegExp])[];
}

const BEARER = ['Authorization', /authorization|--oauth2-bearer|\s-u\s/i] as const;
const JSON_BODY = ['Content-Type', /content-type|--json\b/i] as const;

/** What the APIs ask for: platform.openai.com/docs/api-reference, docs.anthropic.com/en/api, ai.google.dev/api. */
const ENDPOINTS: readonly Endpoint[] = [
  {
    url: /api\.(?:openai\.com|x\.ai|mistral\.ai|groq\.com\/openai|deepseek\.com)\/(?:v1\/)?(?:chat\/completions|completions|embeddings|responses)/,
    posts: true,
    headers: [BEARER, JSON_BODY],
  },
  { url: /api\.(?:openai\.com|x\.ai|mistral\.ai)\/v1\/models/, posts: false, headers: [BEARER] },
  {
    url: /api\.anthropic\.com\/v1\/messages/,
    posts: true,
    headers: [
      ['x-api-key', /x-api-key|authorization/i],
      ['anthropic-version', /anthropic-version/i],
      JSON_BODY,
    ],
  },
  {
    url: /api\.anthropic\.com\/v1\/models/,
    posts: false,
    headers: [
      ['x-api-key', /x-api-key|authorization/i],
      ['anthropic-version', /anthropic-version/i],
    ],
  },
  {
    url: /generativelanguage\.googleapis\.com\/\S*:(?:generate|stream|embed)\w*/,
    posts: true,
    headers: [['x-goog-api-key', /x-goog-api-key|authorization|[?&]key=/i], JSON_BODY],
  },
  {
    url: /(?:localhost|127\.0\.0\.1|ollama):11434\/api\/(?:generate|chat|embed\w*|pull)/,
    posts: true,
    headers: [],
  },
];

const QUERY = /[?&](api[-_]?key|key|token|access_token|prompt|message|question)=/i;

function findingsOf(call: Call): Finding[] {
  const { words } = call.command;
  const text = words.map(word => word.raw).join(' ');
  const url =
    words
      .find(word => /https?:\/\/|^["']?\$\{?\w*(?:URL|HOST)/.test(word.raw))
      ?.raw.replace(/^["']|["']$/g, '') ?? '';
  const where = url.replace(/^https?:\/\//, '').replace(/[?#].*$/s, '');
  const query = QUERY.exec(url)?.[1];
  const faults = faultsOf(url, text);
  return [
    ...(faults.length > 0 ? [{ at: call.at, message: `${where} is called ${listed(faults)}` }] : []),
    ...(query
      ? [
          {
            at: call.at,
            severity: 'info' as const,
            message: `${query} stands in the query string of ${where}`,
          },
        ]
      : []),
  ];
}

function faultsOf(url: string, text: string): readonly string[] {
  const endpoint = ENDPOINTS.find(each => each.url.test(url));
  // What a file or another variable holds is not known; HEAD only asks whether somebody is there.
  if (
    !endpoint ||
    /(?:^|\s)(?:-K|--config|-I|--head)\b|-H\s+["']?[@$]|--header\s+["']?[@$]|"?\$\{?\w+\[@\]/.test(text)
  )
    return [];
  const method = /(?:-X|--request)[ =]?["']?([A-Z]+)/.exec(text)?.[1];
  const body = /(?:^|\s)(?:-d|--data\S*|--json|-F|--form)\b/.test(text);
  const posts = method === undefined ? body : method === 'POST';
  // Without a body or a key it asks whether the network lets it through.
  if (/%\{http_code\}/.test(text) && !body) return [];
  return [
    ...(endpoint.posts === posts
      ? []
      : [`by ${posts ? 'POST' : (method ?? 'GET')} instead of ${endpoint.posts ? 'POST' : 'GET'}`]),
    ...endpoint.headers
      .filter(([name, found]) => !found.test(text) && !(name === 'Content-Type' && !body))
      .map(([name]) => `without ${name}`),
  ];
}
