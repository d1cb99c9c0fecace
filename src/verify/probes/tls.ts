import { accessesOf } from '../accesses.ts';
import type { Access } from '../deployment.ts';
import { failFor } from '../http/trouble.ts';
import { fail, type Probe, pass } from '../probe.ts';
import { describeChain, timeLeft } from '../tls/certificate.ts';
import { certificateTrouble, shake } from '../tls/handshake.ts';
import type { TlsDetail } from '../verification.ts';

const DAY = 86_400_000;
/** Where nothing renews it any more this is what is left to notice; certificates of a few days get a quarter of theirs. */
const SOON = 14 * DAY;

export const tls: Probe<Access> = {
  id: 'tls',
  title: 'the certificate is for the name, trusted and lasting, and nothing older than TLS 1.2 is offered',
  plan: deployment =>
    accessesOf(deployment)
      .filter(({ access }) => access.base.protocol === 'https:')
      .map(({ access, subject }) => ({ ...subject, name: `${access.base.host}: TLS`, data: access })),
  async observe({ data: access }, { signal }) {
    const asked = `TLS to ${access.base.host}`;
    const shaken = await shake(access, signal);
    if (shaken.kind === 'trouble') return failFor(asked, shaken, 'TLS 1.2 or 1.3');
    const detail: { tls: TlsDetail } = { tls: { ...describeChain(shaken), host: access.base.hostname } };
    const distrust = certificateTrouble(shaken);
    if (distrust)
      return failFor(asked, distrust, 'a certificate that clients trust for this name', { detail });
    const { left, lifetime } = timeLeft(shaken);
    const days = Math.floor(left / DAY);
    if (left < Math.min(SOON, lifetime / 4))
      return fail({
        expected: `a certificate that lasts ${Math.floor(Math.min(SOON, lifetime / 4) / DAY)} days or more`,
        observed: `${asked}: it expires in ${days} days`,
        next: 'renew it, and find out why what renews it did not',
        detail,
      });
    const old = await shake(access, signal, {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    if (old.kind === 'shaken')
      return fail({
        expected: 'TLS 1.2 or 1.3 only',
        observed: `${asked}: ${old.protocol} is offered too`,
        next: 'switch it off (nginx: ssl_protocols TLSv1.2 TLSv1.3)',
        detail,
      });
    return pass(
      `${asked}: ${shaken.protocol}, ${days} days left, issued by ${detail.tls.chain[0]?.issuer ?? 'nobody'}`,
      detail,
    );
  },
};
