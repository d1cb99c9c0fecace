import type { DetailedPeerCertificate } from 'node:tls';
import type { TlsDetail } from '../verification.ts';
import type { Shaken } from './handshake.ts';

const DAY = 86_400_000;
const LONGEST_CHAIN = 10;

export function describeChain(shaken: Shaken): Omit<TlsDetail, 'host'> {
  return {
    protocol: shaken.protocol,
    cipher: shaken.cipher,
    chain: chainOf(shaken.certificate).map(each => ({
      subject: nameOf(each.subject),
      issuer: nameOf(each.issuer),
      names: (each.subjectaltname ?? '').split(', ').filter(name => name !== ''),
      from: new Date(each.valid_from).toISOString(),
      to: new Date(each.valid_to).toISOString(),
    })),
    daysLeft: Math.floor(timeLeft(shaken).left / DAY),
  };
}

/** The last one names itself as its issuer. */
function chainOf(certificate: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (
    let each: DetailedPeerCertificate | undefined = certificate;
    each?.subject && !chain.includes(each);
    each = each.issuerCertificate
  ) {
    chain.push(each);
    if (chain.length === LONGEST_CHAIN) break;
  }
  return chain;
}

const nameOf = (name: DetailedPeerCertificate['subject'] | undefined) =>
  [name?.CN ?? name?.O ?? 'nobody'].flat().join(', ');

/** Milliseconds until it expires, and from its first moment to its last. */
export function timeLeft({ certificate }: Shaken): { left: number; lifetime: number } {
  const [from, to] = [Date.parse(certificate.valid_from), Date.parse(certificate.valid_to)];
  return { left: to - Date.now(), lifetime: to - from };
}
