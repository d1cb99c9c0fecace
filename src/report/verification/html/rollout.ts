import type { ProbeResult, RolloutRow, Verification } from '../../../verify/verification.ts';
import { html, type Markup } from '../../markup.ts';

export const rolloutSection = ({ probes }: Verification): Markup => {
  const seen = probes.flatMap(({ id, detail }) =>
    detail?.rollout?.length ? [{ id, rows: detail.rollout }] : [],
  );
  if (seen.length === 0) return html``;
  return html`<section aria-labelledby="rollout"><h2 id="rollout">Rollout</h2>
${seen.map(
  ({ id, rows }) =>
    html`<article class="card"><h3>${id}</h3><ul class="rows">${rows.map(rowOf)}</ul></article>`,
)}</section>`;
};

const rowOf = ({ kind, name, state, good, notes = [] }: RolloutRow): Markup =>
  html`<li class="${good ? 'pass' : 'fail'}"><span class="badge">${state}</span> ${kind} <strong>${name}</strong>${
    notes.length > 0 ? html`<ul>${notes.map(note => html`<li>${note}</li>`)}</ul>` : ''
  }</li>
`;

export const versionsSection = ({ probes }: Verification): Markup => {
  const seen = probes.flatMap(({ id, detail }: ProbeResult) =>
    Object.entries(detail?.versions ?? {}).map(([version, count]) => ({ id, version, count })),
  );
  if (seen.length === 0) return html``;
  return html`<section aria-labelledby="versions"><h2 id="versions">Versions that answered</h2>
<ul class="rows">${seen.map(
    ({ id, version, count }) => html`<li><strong>${version}</strong> ${count} times to ${id}</li>`,
  )}</ul></section>`;
};
