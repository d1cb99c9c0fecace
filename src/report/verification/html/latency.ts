import type { LatencyDetail, Verification } from '../../../verify/verification.ts';
import { html, type Markup } from '../../markup.ts';
import { duration } from '../words.ts';
import { HEIGHT, WIDTH } from './plot.ts';

const BARS = 32;
/** Milliseconds below which no clock here tells two requests apart. */
const SHORTEST = 0.05;

export const latencySection = ({ probes }: Verification): Markup => {
  const measured = probes.flatMap(({ id, detail }) =>
    detail?.latency ? [{ id, latency: detail.latency }] : [],
  );
  if (measured.length === 0) return html``;
  return html`<section aria-labelledby="latency"><h2 id="latency">Latency</h2>
${measured.map(({ id, latency }) => html`<article class="card"><h3>${id}</h3>${histogram(id, latency)}${numbers(latency)}</article>`)}</section>`;
};

/** Bars over a logarithmic axis, since the slow requests are what one looks for. */
function histogram(id: string, latency: LatencyDetail): Markup {
  const { min, max, objective, p50, p95 } = latency;
  const from = Math.max(SHORTEST, Math.min(min, objective ?? min));
  const to = Math.max(from * 2, max, objective ?? 0);
  const place = (value: number) => Math.log(Math.max(value, from) / from) / Math.log(to / from);
  const bars = Array.from({ length: BARS }, () => 0);
  for (const { upTo, count } of latency.buckets) {
    const index = Math.min(BARS - 1, Math.floor(place(Math.min(upTo, to)) * BARS));
    bars[index] = (bars[index] ?? 0) + count;
  }
  const highest = Math.max(1, ...bars);
  const step = WIDTH / BARS;
  const said = `Histogram of ${latency.requests} requests to ${id}: half took up to ${duration(p50)}, 95 % up to ${duration(p95)}, the slowest ${duration(max)}.`;
  return html`<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${said}">
${bars.map((count, i) => {
  const height = (HEIGHT * count) / highest;
  return html`<rect class="bar" x="${(i * step + 1).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(step - 2).toFixed(1)}" height="${height.toFixed(1)}"/>`;
})}${mark('p50', place(p50))}${mark('p95', place(p95))}${objective === undefined ? '' : mark('objective', place(objective))}</svg>
<p class="axis" aria-hidden="true"><span>${duration(from)}</span><span>${duration(to)}</span></p>
<figcaption>Requests by how long they took, on a logarithmic axis. <span class="key p50">p50</span> <span class="key p95">p95</span>${
    objective === undefined ? '' : html` <span class="key objective">objective of p95</span>`
  }</figcaption></figure>`;
}

const mark = (name: string, share: number): Markup => {
  const x = (share * WIDTH).toFixed(1);
  return html`<line class="${name}" x1="${x}" x2="${x}" y1="0" y2="${HEIGHT}"/>`;
};

function numbers(latency: LatencyDetail): Markup {
  const { requests, errors, min, p50, p90, p95, p99, max, objective } = latency;
  const cells: readonly [string, string][] = [
    ['requests', String(requests)],
    ['errors', String(errors)],
    ...Object.entries({ min, p50, p90, p95, p99, max }).map(([name, value]): [string, string] => [
      name,
      duration(value),
    ]),
    ...(objective === undefined ? [] : [['objective of p95', duration(objective)] as [string, string]]),
  ];
  return html`<dl class="numbers">${cells.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
