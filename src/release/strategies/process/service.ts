import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, command } from '../../../exec/command.ts';
import type { BuiltService, Model } from '../../../model/model.ts';
import { type Place, resolve } from '../../../model/references.ts';
import { lastLines, tellingLine } from '../../../platforms/last-lines.ts';
import { type Place as Kept, lastWords, running, start, stop } from '../../../platforms/process/children.ts';
import type { Release } from '../../release.ts';
import type { Control, StepEnd } from '../../strategy.ts';

/** Milliseconds. */
const LETTING_GO = 2_000;

/** A service that can be a plain process: an interpreter runs its sources. */
export interface Runnable {
  readonly service: BuiltService;
  readonly kept: Kept;
}

export function commandOf(
  model: Model,
  service: BuiltService,
  release: Release,
  cwd: string,
): Command | undefined {
  const { language, main, factory } = service.source;
  const args = service.args.map(text => resolve(text, model, service, placeOf(model, release)).join(''));
  const port = String(service.port ?? 0);
  const words: Readonly<Record<string, readonly string[] | undefined>> = {
    node: [process.execPath, main],
    python: [
      'python3',
      '-m',
      'uvicorn',
      '--host',
      '127.0.0.1',
      '--port',
      port,
      ...(factory ? ['--factory'] : []),
      main,
    ],
  };
  const [program, ...rest] = words[language] ?? [];
  if (program === undefined) return undefined;
  const env = Object.entries(service.env).map(
    ([name, text]) => [name, resolve(text, model, service, placeOf(model, release)).join('')] as const,
  );
  const stamp = { APP_VERSION: release.tag, AIDEPLOY_TAG: release.tag, AIDEPLOY_RELEASE: release.id };
  return { ...command(program, ...rest, ...args), cwd, env: { ...Object.fromEntries(env), ...stamp } };
}

/** Everything is on this machine, and answers where it listens. */
const placeOf = ({ database }: Model, { tag }: Release): Place<string> => ({
  literal: text => text,
  tag: () => tag,
  serviceHost: () => '127.0.0.1',
  servicePort: ({ port }) => port ?? 0,
  databaseHost: () => database?.host ?? '127.0.0.1',
  databaseUrl: () => process.env['DATABASE_URL'] ?? '',
});

export async function replace(
  { service, kept }: Runnable,
  wanted: Command,
  { id }: Release,
): Promise<StepEnd> {
  const now = await running(kept);
  if (now?.label === id) return { status: 'done', note: 'it runs already' };
  await stop(kept, service.timing.drain);
  // A stranger's answers would be taken for those of the release.
  if (service.port !== undefined && (await isHeld(service.port))) return taken(service);
  const { obstacle } = await start(kept, wanted, id);
  return obstacle ? { status: 'obstructed', obstacle } : { status: 'done' };
}

const taken = ({ key, port }: BuiltService): StepEnd => ({
  status: 'obstructed',
  obstacle: {
    why: `something else listens on 127.0.0.1:${port}`,
    next: `end it, or give services.${key}.port another one`,
    lasting: true,
  },
});

/** Children of a program that was ended may take a moment longer to let go of it. */
async function isHeld(port: number): Promise<boolean> {
  const deadline = performance.now() + LETTING_GO;
  while (await isTaken(port)) {
    if (performance.now() > deadline) return true;
    await sleep(50);
  }
  return false;
}

const isTaken = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    const answer = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });

/** Until it says that it is ready; a program that ended will never be. */
export async function awaitReady({ service, kept }: Runnable, { signal }: Control): Promise<StepEnd> {
  const deadline = performance.now() + service.timing.startup;
  const url = `http://127.0.0.1:${service.port}${service.health?.ready.path ?? '/'}`;
  let saw = 'no answer';
  while (performance.now() < deadline && !signal.aborted) {
    if (!(await running(kept))) return ended(kept, `${service.unit} ended at its start`);
    if (service.port === undefined) return { status: 'done' };
    try {
      const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(2_000) });
      if (ok) return { status: 'done' };
      saw = String(status);
    } catch (error) {
      saw = ((error as Error).cause as Error | undefined)?.message ?? (error as Error).message;
    }
    await sleep(50);
  }
  const seconds = service.timing.startup / 1000;
  return {
    status: 'failed',
    cause: `${service.unit} was not ready within ${seconds} s: ${url}: ${saw}`,
    details: lastLines(await lastWords(kept)),
  };
}

async function ended(kept: Kept, what: string): Promise<StepEnd> {
  const log = await lastWords(kept);
  const why = tellingLine(log);
  return { status: 'failed', cause: why === undefined ? what : `${what}: ${why}`, details: lastLines(log) };
}
