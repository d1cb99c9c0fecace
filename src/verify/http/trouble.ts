import { type Difference, fail, type Observation } from '../probe.ts';

/** Why there is no whole answer. Each is the other side's doing: whoever cannot be reached is not there. */
export interface Trouble {
  readonly kind: 'trouble';
  readonly cause: Cause;
  /** What happened, as the rest of a sentence that begins with the request. */
  readonly what: string;
  readonly next: string;
  /** The status, where the answer had begun. */
  readonly status: number | undefined;
}

type Cause = 'dns' | 'refused' | 'unreachable' | 'tls' | 'timeout' | 'reset' | 'malformed' | 'oversized';

/** How far a request had come. */
export type Stage = 'resolving' | 'connecting' | 'handshake' | 'waiting' | 'reading';

interface Reading {
  readonly cause: Cause;
  readonly what: string;
  readonly next: string;
}

const LOOK_AT_LOGS = 'look at the logs of the service and of the proxy before it';

const BY_CODE: readonly (readonly [pattern: RegExp, reading: Reading])[] = [
  [
    /^(?:ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/,
    {
      cause: 'dns',
      what: 'found no address for the name',
      next: 'check the name, and its A and AAAA records',
    },
  ],
  [
    /^ECONNREFUSED$/,
    {
      cause: 'refused',
      what: 'was refused: nothing listens there',
      next: 'check that the service runs, and that address and port are right',
    },
  ],
  [
    /^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
    { cause: 'unreachable', what: 'found no route to the address', next: 'check network, firewall and VPN' },
  ],
  [
    /^HPE_HEADER_OVERFLOW$/,
    {
      cause: 'oversized',
      what: 'was answered with more than 32 KiB of headers',
      next: 'find out which header grows; proxies refuse such answers',
    },
  ],
  [
    /^(?:HPE_|ERR_HTTP|ERR_STREAM_PREMATURE|ERR_INVALID_CHAR)/,
    {
      cause: 'malformed',
      what: 'was answered with something that is no valid HTTP',
      next: 'check that an HTTP server listens on that port',
    },
  ],
  [
    /^(?:Z_|ERR__ZLIB|ERR_BROTLI|ERR_ZLIB)/,
    {
      cause: 'malformed',
      what: 'was answered with a body that cannot be decompressed',
      next: 'check what sets Content-Encoding',
    },
  ],
  [
    /^(?:ECONNRESET|EPIPE|ECONNABORTED|ETIMEDOUT)$/,
    { cause: 'reset', what: 'lost its connection', next: LOOK_AT_LOGS },
  ],
];

/** Node's and OpenSSL's names of what is wrong with a certificate, and what to do. */
const CERTIFICATE: Readonly<Record<string, readonly [what: string, next: string]>> = {
  CERT_HAS_EXPIRED: ['the certificate has expired', 'renew it, and check what should have renewed it'],
  CERT_NOT_YET_VALID: ['the certificate is not valid yet', 'check the clocks of both sides'],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'the certificate is self-signed',
    'install one of an authority that clients trust, or name it with --ca',
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'the chain ends in an authority that nobody here trusts',
    'install a certificate of a trusted authority, or name its own with --ca',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'the chain is not complete',
    'serve the intermediate certificates too (fullchain.pem)',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'the chain is not complete',
    'serve the intermediate certificates too (fullchain.pem)',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'the certificate is for other names',
    'install the certificate of this name, and check which virtual host answers',
  ],
};

export function troubleOf(error: unknown, stage: Stage, status?: number): Trouble {
  const { code = '', message = '' } = (error ?? {}) as Partial<NodeJS.ErrnoException>;
  const reading = stage === 'handshake' ? readTls(code, message) : readCode(code, stage);
  return { kind: 'trouble', status, ...(reading ?? readTls(code, message)) };
}

function readCode(code: string, stage: Stage): Reading | undefined {
  if (code === 'ETIMEDOUT' && stage === 'connecting') return timeoutAt(stage, undefined);
  const known = BY_CODE.find(([pattern]) => pattern.test(code))?.[1];
  if (known?.cause !== 'reset') return known;
  const where = stage === 'reading' ? 'lost its connection in the middle of the answer' : undefined;
  return where === undefined
    ? { ...known, what: 'lost its connection before any answer' }
    : { ...known, what: where };
}

function readTls(code: string, message: string): Reading {
  const certificate = CERTIFICATE[code];
  if (certificate) return { cause: 'tls', what: `broke off: ${certificate[0]}`, next: certificate[1] };
  if (code === 'ECONNRESET' || code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS'))
    return {
      cause: 'tls',
      what: `found no common TLS 1.2 or 1.3 (${code}${/wrong version number|packet length/i.test(`${code} ${message}`) ? ', as a server without TLS answers' : ''})`,
      next: 'check that TLS is served on that port, and that it offers TLS 1.2 or 1.3',
    };
  return { cause: 'reset', what: `failed: ${message || code || 'for no reason given'}`, next: LOOK_AT_LOGS };
}

const STILL: Readonly<Record<Stage, readonly [what: string, next: string]>> = {
  resolving: ['the name was not resolved', 'check the resolver, and the records of the name'],
  connecting: ['no connection was accepted', 'check address, port and firewall: something drops the packets'],
  handshake: ['the TLS handshake did not end', 'check that TLS is served on that port'],
  waiting: ['no answer began', 'find out what the service waits for: a lock, a dependency, a full queue'],
  reading: ['the answer did not end', 'find out what holds the answer back, or give it more time'],
};

/** Out of time, and what it waited for. */
export function timeoutAt(stage: Stage, milliseconds: number | undefined): Reading {
  const [what, next] = STILL[stage];
  const within = milliseconds === undefined ? 'in time' : `within ${milliseconds} ms`;
  return { cause: 'timeout', what: `timed out: ${what} ${within}`, next };
}

export const oversized = (status: number, limit: number): Trouble => ({
  kind: 'trouble',
  cause: 'oversized',
  status,
  what: `was answered with ${status} and more than ${limit} bytes`,
  next: 'find out what makes the answer so large; no more of it is read',
});

/** A request without an answer is a failure of the deployment, whatever the probe wanted to see. */
export const failFor = (
  asked: string,
  trouble: Trouble,
  expected: string,
  more?: Partial<Difference>,
): Observation => fail({ expected, observed: `${asked} ${trouble.what}`, next: trouble.next, ...more });
