import type { Phases, ProbeResult, Verification } from '../../../verify/verification.ts';
import { html, type Markup } from '../../markup.ts';
import { duration } from '../words.ts';

/** Every probe as a bar between the start of the run and its end; each opens to what it has to say. */
export function timelineSection({ probes, durationMs }: Verification): Markup {
  if (probes.length === 0) return html``;
  const end = Math.max(1, durationMs, ...probes.map(each => each.startedMs + each.durationMs));
  const ordered = [...probes].sort((a, b) => a.startedMs - b.startedMs);
  return html`<section aria-labelledby="timeline"><h2 id="timeline">Probes over time</h2>
<p class="axis" aria-hidden="true"><span>0</span><span>${duration(end)}</span></p>
<div class="timeline">${ordered.map(probe => entry(probe, end))}</div></section>`;
}

function entry(probe: ProbeResult, end: number): Markup {
  const { id, name, status, startedMs, durationMs, attempts, message, detail } = probe;
  const share = (milliseconds: number) => ((100 * milliseconds) / end).toFixed(2);
  return html`<details class="${status}"><summary><span class="who"><span class="badge">${status}</span> ${id}</span>
<span class="track" role="img" aria-label="from ${duration(startedMs)} on for ${duration(durationMs)}"><span class="bar" style="margin-left:${share(startedMs)}%;width:${share(durationMs)}%"></span></span>
<span class="time">${duration(durationMs)}</span></summary>
<p><strong>${name}</strong></p><p>${message}</p>
<p>${attempts === 1 ? '1 attempt' : `${attempts} attempts`}, begun ${duration(startedMs)} into the run.</p>
${detail?.phases && phasesOf(detail.phases)}</details>
`;
}

const phasesOf = ({ dns, connect, tls, firstByte, total }: Phases): Markup =>
  html`<p>Name ${duration(dns)}, connection ${duration(connect)}, TLS ${duration(tls)}, first byte ${duration(firstByte)}, all ${duration(total)}.</p>`;
