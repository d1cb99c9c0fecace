import type { StreamDetail, Verification } from '../../../verify/verification.ts';
import { html, type Markup } from '../../markup.ts';
import { duration } from '../words.ts';
import { HEIGHT, WIDTH } from './plot.ts';

export const streamSection = ({ probes }: Verification): Markup => {
  const streams = probes.flatMap(({ id, detail }) => (detail?.stream ? [{ id, stream: detail.stream }] : []));
  if (streams.length === 0) return html``;
  return html`<section aria-labelledby="streams"><h2 id="streams">Streams</h2>
${streams.map(({ id, stream }) => html`<article class="card"><h3>${id}</h3>${plot(id, stream)}</article>`)}</section>`;
};

/** Events so far over time: a slope where they come one by one, a cliff where something held them back. */
function plot(id: string, stream: StreamDetail): Markup {
  const { arrivals, events, heartbeats, first, largestGap } = stream;
  const end = Math.max(1, stream.duration, ...arrivals.slice(-1));
  const x = (time: number) => ((WIDTH * time) / end).toFixed(1);
  const y = (count: number) => (HEIGHT - (HEIGHT * count) / Math.max(1, arrivals.length)).toFixed(1);
  const steps = arrivals.map((time, i) => `H${x(time)}V${y(i + 1)}`).join('');
  const told = [
    `${events} ${events === 1 ? 'event' : 'events'}`,
    ...(heartbeats > 0 ? [`${heartbeats} ${heartbeats === 1 ? 'heartbeat' : 'heartbeats'}`] : []),
    ...(first === undefined ? [] : [`the first after ${duration(first)}`]),
    `the longest silence ${duration(largestGap)}`,
    `ended after ${duration(stream.duration)}`,
  ].join(', ');
  return html`<figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="Arrivals on ${id}: ${told}.">
<path class="steps" d="M0 ${HEIGHT}${steps}H${WIDTH}"/>
${arrivals.map(time => html`<line class="arrival" x1="${x(time)}" x2="${x(time)}" y1="${HEIGHT - 8}" y2="${HEIGHT}"/>`)}</svg>
<p class="axis" aria-hidden="true"><span>0</span><span>${duration(end)}</span></p>
<figcaption>Events so far over time: ${told}.</figcaption></figure>`;
}
