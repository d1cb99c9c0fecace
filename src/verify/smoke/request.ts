import type { Text } from '../../config/schema/text.ts';
import type { Model, Service } from '../../model/model.ts';
import { type Place, resolve } from '../../model/references.ts';
import type { Endpoint } from '../deployment.ts';
import { hostOf } from '../http/exchange.ts';

type Smoke = Endpoint['smoke'][number];

/** A smoke as it is sent. */
export interface SmokeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Secrets that the environment lacks: it cannot be sent without them. */
  readonly missing: readonly string[];
}

type Variables = Readonly<Record<string, string | undefined>>;

export function requestOf(
  smoke: Smoke,
  endpoint: Endpoint,
  model: Model | undefined,
  env: Variables,
): SmokeRequest {
  const texts = [...Object.values(smoke.headers), ...(smoke.body ? [smoke.body] : [])];
  const secrets = texts.flat().flatMap(secretOf);
  const write = (text: Text) => written(text, endpoint, model, env);
  const headers = Object.fromEntries(
    Object.entries(smoke.headers).map(([name, text]) => [name.toLowerCase(), write(text)]),
  );
  const body = smoke.json === undefined ? smoke.body && write(smoke.body) : JSON.stringify(smoke.json);
  return {
    method: smoke.method,
    path: smoke.path,
    headers: {
      ...(smoke.json !== undefined && { 'content-type': 'application/json' }),
      ...(smoke.expect.sse && { accept: 'text/event-stream' }),
      ...headers,
    },
    body,
    missing: [...new Set(secrets)].filter(name => !env[name]),
  };
}

const SECRET = 'secret.';

/** The name of the secret that a piece stands for. */
const secretOf = (piece: Text[number]): string[] =>
  'reference' in piece && piece.reference.startsWith(SECRET) ? [piece.reference.slice(SECRET.length)] : [];

function written(text: Text, endpoint: Endpoint, model: Model | undefined, env: Variables): string {
  const service = model?.services.find(({ key }) => key === endpoint.service);
  return text
    .map(piece => {
      if ('literal' in piece) return piece.literal;
      const [secret] = secretOf(piece);
      if (secret !== undefined) return env[secret] ?? '';
      return model && service ? resolve([piece], model, service, here(endpoint, env)).join('') : '';
    })
    .join('');
}

/** Where the verifier stands: services are where it reached this one. */
function here({ access }: Endpoint, env: Variables): Place<string> {
  return {
    literal: text => text,
    tag: () => env['AIDEPLOY_TAG'] ?? '',
    serviceHost: () => hostOf(access.base),
    servicePort: (service: Service) => service.port ?? 0,
    databaseHost: () => '',
    databaseUrl: () => '',
  };
}
