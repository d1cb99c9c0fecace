import { type AnyFact, factOf, factsOf } from '../artifacts/fact.ts';
import { shortName } from '../artifacts/image.ts';
import type { Address } from '../artifacts/url.ts';
import type { Member } from './context.ts';

interface Listening {
  readonly tls: boolean;
  /** `uvicorn without a certificate`. */
  readonly why: string;
  readonly fact: AnyFact;
}

/** Images whose servers speak TLS only when they are told to, and what tells them. */
const STORES: readonly (readonly [image: RegExp, told: RegExp])[] = [
  [/^(?:postgres|postgis|pgvector)$/, /\bssl\s?=\s?on\b|ssl_cert_file|config_file/],
  [/^(?:redis|valkey)$/, /--tls-|redis\.conf|valkey\.conf|\.conf\b/],
];

/** Whether a member listens with TLS; undefined where nothing here decides. */
export function speaksTls(member: Member, port?: number): Listening | undefined {
  const [server, image, command] = [
    factOf(member, 'server'),
    factOf(member, 'image'),
    factOf(member, 'command'),
  ];
  const listens = factsOf(member, 'port.listen').filter(({ origin }) => origin === 'derived');
  if (
    server?.value.tls !== undefined &&
    (port === undefined || listens.some(({ value }) => value.port === port))
  ) {
    const { program, tls } = server.value;
    return { tls, why: `${program} ${tls ? 'with' : 'without'} a certificate`, fact: server as AnyFact };
  }
  const store = image && STORES.find(([name]) => name.test(shortName(image.value)));
  if (!image || !store || member.form !== 'container') return undefined;
  // The official images alone; others may bring a certificate.
  if (
    /\//.test(
      image.value.repository.replace(/^(?:docker\.io\/)?(?:library\/|pgvector\/|valkey\/|postgis\/)?/, ''),
    )
  )
    return undefined;
  const configured = factsOf(member, 'volume').some(({ value }) =>
    /\.(?:conf|crt|key|pem|sh)$|\/etc\/|initdb/.test(value.target),
  );
  if (configured || store[1].test(command?.value.words.join(' ') ?? '')) return undefined;
  return { tls: false, why: `${shortName(image.value)} as it comes`, fact: image as AnyFact };
}

/** Whether a client that is given this URL insists on TLS, or on none; undefined where it takes either. */
export function wantsTls({ scheme }: Address, url: string): boolean | undefined {
  if (/^(?:https|rediss|wss|grpcs|amqps)$/.test(scheme)) return true;
  if (/^(?:http|redis|ws|amqp)$/.test(scheme)) return false;
  if (!/^postgres(?:ql)?$/.test(scheme)) return undefined;
  const mode = /[?&]sslmode=([\w-]{1,20})/.exec(url)?.[1];
  // Without a mode, or with prefer, either will do.
  return mode === 'disable'
    ? false
    : /^(?:require|verify-ca|verify-full)$/.test(mode ?? '')
      ? true
      : undefined;
}
