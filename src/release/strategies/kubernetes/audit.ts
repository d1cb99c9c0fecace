import type { Answer } from '../../../platforms/answer.ts';
import { MANAGER, PROJECT, RECORD } from '../../../platforms/kubernetes/marks.ts';
import { refusal } from '../../../platforms/kubernetes/refusal.ts';
import type { RecordMap } from '../../../platforms/kubernetes/standing.ts';
import type { AuditLine } from '../../store.ts';
import { below, CORE, type Place } from './place.ts';

/** Half of what a ConfigMap holds; some thousand lines. The oldest go when there are more. */
const MOST = 2 ** 19;
const LINES = 'lines';
/** Two at once: who comes second reads again what the first wrote. */
const ATTEMPTS = 5;

export async function addLine(place: Place, line: AuditLine, signal: AbortSignal): Promise<Answer<void>> {
  const { cluster, project } = place;
  const maps = below(place, CORE, 'configmaps');
  const name = `${project}.audit`;
  const path = `${maps}/${name}`;
  for (let attempt = 1; ; attempt++) {
    const { value: live, obstacle } = await cluster.get<RecordMap>(path, signal);
    if (obstacle) return { obstacle };
    const body = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        labels: { [PROJECT]: project, [RECORD]: 'audit' },
        ...(live && { resourceVersion: live.metadata.resourceVersion }),
      },
      data: { [LINES]: extended(live?.data?.[LINES] ?? '', line) },
    };
    const [method, where] = live ? (['PUT', path] as const) : (['POST', maps] as const);
    const asked = { method, path: `${where}?fieldManager=${MANAGER}`, body };
    const sent = await cluster.send(asked, signal);
    if (sent.obstacle) return { obstacle: sent.obstacle };
    if (sent.value.status < 300) return { value: undefined };
    if (sent.value.status !== 409 || attempt === ATTEMPTS) return { obstacle: refusal(path, sent.value) };
  }
}

/** A run that was not told that its line arrived writes it again. */
export function extended(lines: string, line: AuditLine): string {
  const written = `${JSON.stringify(line)}\n`;
  if (lines.endsWith(`\n${written}`) || lines === written) return lines;
  let all = lines + written;
  while (Buffer.byteLength(all) > MOST) all = all.slice(all.indexOf('\n') + 1);
  return all;
}
