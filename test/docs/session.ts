/** What the README shows, run for real: the sample service of the demo from nothing to a rollback. */
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { endProcesses } from '../../src/release/strategies/process/index.ts';
import { aideploy, projectFrom, ROOT, read } from '../cli/run.ts';
import { freePort } from '../services/ports.ts';

type Scene =
  | { readonly run: string; readonly in?: string; readonly ends?: number }
  | { readonly edit: string; readonly from: string; readonly to: string };

/** Two files that are wrong together: a chat that streams for five minutes, and a proxy that waits for one. */
const WRONG = 'test/check/cross/stream-outlives-proxy/bad';

/** Commands as they are shown, and what an author does in between. */
export const SCENES: readonly Scene[] = [
  { run: 'aideploy init --yes' },
  { edit: 'aideploy.yaml', from: 'port: 3000', to: 'port: PORT' },
  { run: 'aideploy render' },
  { run: 'aideploy check' },
  { run: 'aideploy deploy process --tag 1.0.0' },
  { run: 'aideploy verify --quiet --report report.html' },
  {
    edit: 'src/server.js',
    from: 'const server =',
    to: "throw new Error('no such model');\n\nconst server =",
  },
  { run: 'aideploy deploy process --tag 2.0.0', ends: 1 },
  { run: 'aideploy releases --platform process' },
  { run: 'aideploy check --rule cross/stream-outlives-proxy', in: WRONG, ends: 1 },
  { run: 'aideploy check --explain timeouts', in: WRONG },
];

export interface Performance {
  readonly said: ReadonlyMap<string, string>;
  /** What commands say with --format json. */
  readonly documents: ReadonlyMap<string, unknown>;
  readonly folder: string;
}

/** By command, what it said: what is for people, then results. The report of its verification is in the folder. */
export async function perform(): Promise<Performance> {
  const folder = await projectFrom('templates/demo');
  const port = String(await freePort());
  const said = new Map<string, string>();
  try {
    for (const scene of SCENES) {
      if ('edit' in scene) {
        const text = await read(folder, scene.edit);
        await writeFile(join(folder, scene.edit), text.replace(scene.from, scene.to.replace('PORT', port)));
        continue;
      }
      const { run, ends = 0 } = scene;
      const cwd = scene.in === undefined ? folder : join(ROOT, scene.in);
      const { code, stdout, stderr } = await aideploy(run.split(' ').slice(1), { cwd });
      if (code !== ends) throw new Error(`${run} ended with ${code}:\n${stderr}${stdout}`);
      said.set(run, shown(`${stderr}${stdout}`, folder));
    }
    return { said, folder, documents: await documentsIn(folder) };
  } finally {
    await endProcesses(folder, ['sample-chat'], 2_000);
  }
}

/** At the end of the session, when there is a record to show. */
async function documentsIn(folder: string): Promise<ReadonlyMap<string, unknown>> {
  const asked: readonly (readonly [string, string])[] = [
    ['render --dry-run', folder],
    ['check', join(ROOT, WRONG)],
    ['verify --url http://127.0.0.1:9 --only live', folder],
    ['deploy process --tag 3.0.0 --dry-run', folder],
    ['rollback process --to 1.0.0 --dry-run', folder],
    ['rollback process --to 1.0.0', folder],
    ['releases --platform process', folder],
  ];
  const documents = new Map<string, unknown>();
  for (const [words, cwd] of asked) {
    const { stdout } = await aideploy([...words.split(' '), '--format', 'json'], { cwd });
    documents.set(`aideploy ${words}`, JSON.parse(stdout));
  }
  return documents;
}

/** As it would look at a reader's. */
const shown = (text: string, folder: string): string =>
  text
    .replaceAll(folder, '~/sample-chat')
    .replaceAll(basename(folder), 'sample-chat')
    .replaceAll(process.execPath, 'node')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:3000')
    .replaceAll(/ \S+@\S+$/gm, ' you@laptop')
    .trimEnd();

/** What differs between two runs that are alike. */
export const masked = (text: string): string =>
  text.replaceAll(/\d+(?:\.\d+)? m?s\b/g, '… s').replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '…');

/** Whether a block shows that; `…` on a line of its own stands for any number of lines. */
export function shows(block: string, output: string): boolean {
  const parts = masked(block)
    .split(/^\s*…\n?/m)
    .map(part => part.trim());
  let rest = masked(output);
  const isWhole = parts.length === 1;
  if (isWhole) return rest.trim() === parts[0];
  if (!rest.trim().startsWith(parts[0] ?? '') || !rest.trim().endsWith(parts.at(-1) ?? '')) return false;
  return parts.every(part => {
    const at = rest.indexOf(part);
    rest = rest.slice(at + part.length);
    return at >= 0;
  });
}
