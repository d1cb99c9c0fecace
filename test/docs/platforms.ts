/** What the strategies themselves say, for the pages of platforms. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STRATEGIES } from '../../src/release/strategies/all.ts';
import { makeOn } from '../../src/release/strategies/windows/index.ts';
import type { MakeStrategy } from '../../src/release/strategy.ts';
import { PROBES } from '../../src/verify/probes/all.ts';
import { modelOf } from '../model/models.ts';

/** Of a cluster that nobody asks. */
const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: none
clusters: [{name: none, cluster: {server: "http://127.0.0.1:9"}}]
users: [{name: none}]
contexts: [{name: none, context: {cluster: none, user: none}}]
`;

/** By platform, the generated half of its page. */
export async function platformHalves(example: string): Promise<ReadonlyMap<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'aideploy-docs-'));
  const { KUBECONFIG: config, PATH } = process.env;
  try {
    await writeFile(join(folder, 'config'), KUBECONFIG);
    // Whether this account is root makes no difference to what is said.
    await writeFile(join(folder, 'id'), '#!/bin/sh\necho 0\n', { mode: 0o755 });
    Object.assign(process.env, { KUBECONFIG: join(folder, 'config'), PATH: `${folder}:${PATH}` });
    const halves = new Map<string, string>();
    for (const platform of Object.keys(STRATEGIES))
      halves.set(platform, halfOf(platform, await notReverted(platform, example)));
    return halves;
  } finally {
    delete process.env['KUBECONFIG'];
    Object.assign(process.env, { PATH, ...(config !== undefined && { KUBECONFIG: config }) });
    await rm(folder, { recursive: true });
  }
}

async function notReverted(platform: string, example: string): Promise<readonly string[]> {
  // A plain process is one of an interpreter.
  const inNode = example.replace('language: go', 'language: node').replace(/binaries: .*/, '');
  const model = modelOf(platform === 'process' ? inNode : example);
  const make = platform === 'windows' ? onWindows : await STRATEGIES[platform]?.();
  const hosts = platform === 'compose' ? ['deploy@web1'] : [];
  const made = await make?.({ model, root: '.', hosts, build: 'build', images: {}, commit: null, by: '' });
  if (!made || made.obstacle) throw new Error(`${platform}: ${made?.obstacle?.why}`);
  return made.value.notReverted;
}

const nothing = async () => undefined;
const onWindows: MakeStrategy = surroundings =>
  makeOn(
    {
      run: async () => {
        throw new Error('nobody runs anything here');
      },
      read: nothing,
      list: async () => [],
    },
    surroundings,
  );

function halfOf(platform: string, kept: readonly string[]): string {
  const own = PROBES.filter(
    ({ id }) => id.startsWith(`${platform}-`) || (platform === 'systemd' && id.startsWith('host-')),
  );
  const reverted =
    kept.length > 0
      ? `Beside [what stays everywhere](../concepts/releases.md#what-does-not-come-back):\n\n${lines(kept)}`
      : 'Nothing beside [what stays everywhere](../concepts/releases.md#what-does-not-come-back).';
  const probes = lines(own.map(({ id, title }) => `\`${id}\`: ${title}`));
  return [
    `## What \`rollback\` leaves as it is\n\n${reverted}\n`,
    ...(own.length > 0 ? [`## What \`verify --platform ${platform}\` adds\n\n${probes}\n`] : []),
  ].join('\n');
}

const lines = (items: readonly string[]) => items.map(item => `- ${item}`).join('\n');
