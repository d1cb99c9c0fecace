import type { ProbeResult, Status, Verification } from '../../verify/verification.ts';
import { html, Markup } from '../markup.ts';
import { latencySection } from './html/latency.ts';
import { rolloutSection, versionsSection } from './html/rollout.ts';
import { streamSection } from './html/stream.ts';
import { STYLE } from './html/style.ts';
import { timelineSection } from './html/timeline.ts';
import { tlsSection } from './html/tls.ts';
import { countOf, countsOf, MEANINGS, STATUSES } from './words.ts';

/** Nothing may be fetched, not even by what a server managed to put into the page. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** One page that needs nothing else: no script, no font, no request. */
export function htmlReport(verification: Verification): string {
  const { target, verdict, startedAt } = verification;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${verdict}: ${target}</title>
<link rel="icon" href="data:,">
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header class="${verdict}">
<p class="verdict">${verdict}</p>
<h1>${target}</h1>
<p>${MEANINGS[verdict]} ${countsOf(verification)}.</p>
<p>Begun <time datetime="${startedAt}">${startedAt.replace('T', ' ').replace(/\.\d+Z$|Z$/, ' UTC')}</time></p>
</header>
<main>
${tiles(verification)}
${troubleSection(verification)}
${timelineSection(verification)}
${latencySection(verification)}
${streamSection(verification)}
${tlsSection(verification)}
${rolloutSection(verification)}
${versionsSection(verification)}
</main>
<footer><p>Written by <code>aideploy verify</code>. Everything on this page is in the page.</p></footer>
</body>
</html>
`;
  return page.text;
}

const tiles = (verification: Verification): Markup => html`<ul class="tiles" aria-label="Probes by their end">
${STATUSES.map(status => tile(status, countOf(verification, status)))}</ul>`;

const tile = (status: Status, count: number): Markup =>
  html`<li class="${count > 0 ? status : 'none'}"><strong>${count}</strong> ${status}</li>
`;

function troubleSection({ probes }: Verification): Markup {
  const trouble = STATUSES.filter(status => status !== 'pass' && status !== 'skip').flatMap(status =>
    probes.filter(probe => probe.status === status),
  );
  if (trouble.length === 0) return html``;
  return html`<section aria-labelledby="trouble"><h2 id="trouble">What is not well</h2>
${trouble.map(troubleOf)}</section>`;
}

const troubleOf = ({ id, name, status, message, expected, observed, next }: ProbeResult): Markup =>
  html`<article class="card ${status}"><h3><span class="badge">${status}</span> ${id}</h3><p>${name}</p>
${
  observed === undefined
    ? html`<p>${message}</p>`
    : html`<dl>${row('Expected', expected)}${row('Observed', observed)}${row('Next', next)}</dl>`
}</article>
`;

const row = (title: string, text: string | undefined): Markup =>
  text === undefined ? html`` : html`<div><dt>${title}</dt><dd>${text}</dd></div>`;
