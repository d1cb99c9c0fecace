import { randomUUID } from 'node:crypto';
import type { Access, Endpoint } from '../deployment.ts';
import { readBody } from '../health/body.ts';
import { busyFor } from '../health/busy.ts';
import { type Answer, ask, header } from '../http/answer.ts';
import { open } from '../http/exchange.ts';
import type { Trouble } from '../http/trouble.ts';
import { readExposition } from '../metrics/exposition.ts';
import { createQueue } from '../queue.ts';
import { versionIn } from '../version.ts';
import { upgrade } from '../websocket/connection.ts';
import { CANDIDATES, NOTHING_KNOWN, type Purpose, SOCKETS, STREAMS, USUAL_STREAM } from './candidates.ts';

export interface Discovery {
  readonly kind: 'discovery';
  readonly endpoint: Endpoint;
  readonly root: Answer;
  /** Pages that describe the API. */
  readonly docs: string | undefined;
}

const AT_ONCE = 6;

/** Asks an address for everything that services usually serve. Its root is asked first: whether anybody is there. */
export async function discover(
  access: Access,
  signal: AbortSignal,
  within: number,
): Promise<Discovery | Answer | Trouble> {
  const get = (path: string) => ask({ access, path, signal, within });
  const [root, nowhere] = await Promise.all([get('/'), get(`/aideploy-${randomUUID()}`)]);
  if (root.kind === 'trouble') return root;
  if (leads(root, access)) return root;
  const enqueue = createQueue(AT_ONCE);
  const answers = new Map<string, Answer | Trouble>();
  const paths = new Set<string>(Object.values(CANDIDATES).flat());
  const [, streams, sockets] = await Promise.all([
    Promise.all([...paths].map(path => enqueue(async () => answers.set(path, await get(path))))),
    Promise.all(STREAMS.map(path => enqueue(() => streamsAt(access, path, signal, within)))),
    Promise.all(SOCKETS.map(path => enqueue(() => socketAt(access, path, signal, within)))),
  ]);
  const find = (purpose: Purpose) =>
    CANDIDATES[purpose].find(path => {
      const answer = answers.get(path);
      return answer?.kind === 'answer' && !isSame(answer, nowhere) && FITS[purpose](answer);
    });
  const metrics = find('metrics');
  const stream = STREAMS.filter((_, i) => streams[i]);
  const websockets = SOCKETS.filter((_, i) => sockets[i]);
  const endpoint: Endpoint = {
    ...NOTHING_KNOWN,
    access,
    live: find('live'),
    ready: find('ready'),
    startup: find('startup'),
    deep: find('deep'),
    version: find('version'),
    metrics: metrics === undefined ? undefined : new URL(metrics, access.base),
    stream:
      stream.length > 0
        ? { ...USUAL_STREAM, kind: 'sse', paths: stream }
        : websockets.length > 0
          ? { ...USUAL_STREAM, kind: 'websocket', paths: websockets }
          : undefined,
  };
  return { kind: 'discovery', endpoint, root, docs: find('docs') };
}

/** Away from this address; to another page of it is no move of the service. */
function leads({ status, headers }: Answer, { base }: Access): boolean {
  const to = header(headers, 'location');
  if (![301, 302, 307, 308].includes(status) || to === undefined) return false;
  if (!URL.canParse(to, base.href)) return true;
  const { origin, pathname } = new URL(to, base);
  return origin !== base.origin || pathname === base.pathname;
}

/** A server that answers everything alike has nothing there. */
const isSame = (answer: Answer, nowhere: Answer | Trouble) =>
  nowhere.kind === 'answer' && nowhere.status === answer.status && nowhere.text === answer.text;

const isGood = ({ status }: Answer) => status >= 200 && status < 300;
const typeOf = ({ headers }: Answer) => header(headers, 'content-type') ?? '';

/** A no of a health path shows that it is there, unless whatever stands before the service says it. */
const isHealth = (answer: Answer) => {
  const { meaning } = readBody(answer.text, typeOf(answer), 'ready');
  if (isGood(answer)) return meaning !== 'page';
  return (
    busyFor(answer) !== undefined || (answer.status >= 500 && meaning !== 'page' && meaning !== 'silent')
  );
};

const FITS: Readonly<Record<Purpose, (answer: Answer) => boolean>> = {
  live: isHealth,
  ready: isHealth,
  startup: isHealth,
  deep: isHealth,
  version: answer => isGood(answer) && versionIn(answer) !== undefined,
  metrics: answer =>
    isGood(answer) && !/html|json/i.test(typeOf(answer)) && readExposition(answer.text).series > 0,
  docs: answer => isGood(answer) && /html|json/i.test(typeOf(answer)),
};

async function streamsAt(
  access: Access,
  path: string,
  signal: AbortSignal,
  within: number,
): Promise<boolean> {
  const opened = await open({ access, path, headers: { accept: 'text/event-stream' }, signal, within });
  if (opened.kind === 'trouble') return false;
  opened.close();
  return opened.status === 200 && /^text\/event-stream\b/i.test(header(opened.headers, 'content-type') ?? '');
}

async function socketAt(access: Access, path: string, signal: AbortSignal, within: number): Promise<boolean> {
  const opened = await upgrade({ access, path, signal, within });
  if (opened.kind === 'connection') opened.close();
  return opened.kind === 'connection';
}
