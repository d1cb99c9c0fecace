import type { TlsDetail, Verification } from '../../../verify/verification.ts';
import { html, type Markup } from '../../markup.ts';

export const tlsSection = ({ probes }: Verification): Markup => {
  const seen = probes.flatMap(({ id, detail }) => (detail?.tls ? [{ id, tls: detail.tls }] : []));
  if (seen.length === 0) return html``;
  return html`<section aria-labelledby="tls"><h2 id="tls">TLS</h2>
${seen.map(({ id, tls }) => chain(id, tls))}</section>`;
};

const chain = (id: string, { host, protocol, cipher, daysLeft, chain: certificates }: TlsDetail): Markup =>
  html`<article class="card"><h3>${id}</h3>
<dl class="numbers"><div><dt>host</dt><dd>${host}</dd></div><div><dt>protocol</dt><dd>${protocol}</dd></div><div><dt>cipher</dt><dd>${cipher}</dd></div><div><dt>days left</dt><dd>${daysLeft}</dd></div></dl>
<ol class="chain">${certificates.map(
    ({ subject, issuer, names, from, to }) =>
      html`<li><strong>${subject}</strong><br>by ${issuer}<br>${day(from)} to ${day(to)}${
        names.length > 0 ? html`<br>for ${names.join(', ')}` : ''
      }</li>
`,
  )}</ol></article>
`;

const day = (time: string): string => {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toISOString().slice(0, 10);
};
