import { accessesOf } from '../accesses.ts';
import type { Access } from '../deployment.ts';
import { ask, header, quote } from '../http/answer.ts';
import { addressFor } from '../http/exchange.ts';
import { failFor } from '../http/trouble.ts';
import { fail, type Probe, pass } from '../probe.ts';

interface Asked {
  readonly access: Access;
  readonly url: URL;
  readonly timeout: number;
}

export const httpsRedirect: Probe<Asked> = {
  id: 'https-redirect',
  title: 'who asks without TLS is sent to the same place with TLS, or gets nothing',
  plan: (deployment, { timeout }) =>
    accessesOf(deployment)
      // The port without TLS is known only for the usual one with it.
      .filter(({ access }) => access.base.protocol === 'https:' && access.base.port === '')
      .map(({ access, subject }) => {
        const url = new URL('/', `http://${access.base.hostname}`);
        // Another port of --connect-to is that of TLS.
        const connectTo = access.connectTo && addressFor(url, access.connectTo).address;
        return {
          ...subject,
          name: `${url.host}: HTTP leads to HTTPS`,
          data: { access: { ...access, connectTo, base: url }, url, timeout },
        };
      }),
  async observe({ data: { access, url, timeout } }, { signal }) {
    const asked = `GET ${url.href}`;
    const expected = `a redirect to https://${url.hostname}`;
    const answer = await ask({ access, path: url, signal, within: timeout, anonymous: true });
    if (answer.kind === 'trouble')
      return answer.cause === 'refused'
        ? pass(`${asked}: nothing listens there`)
        : failFor(asked, answer, expected);
    const to = header(answer.headers, 'location');
    const target = to !== undefined && URL.canParse(to, url.href) ? new URL(to, url) : undefined;
    if (
      answer.status >= 300 &&
      answer.status < 400 &&
      target?.protocol === 'https:' &&
      target.hostname === url.hostname
    )
      return pass(`${asked}: ${answer.status} to ${target.origin}`);
    return fail({
      expected,
      observed: `${asked} was answered with ${answer.status}${to === undefined ? '' : ` to ${quote(to)}`}`,
      next: 'let port 80 answer with 301 to the same name and path with https://, and with nothing else',
    });
  },
};
