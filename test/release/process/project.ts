import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { endProcesses } from '../../../src/release/strategies/process/index.ts';
import { type Answer, aideploy, projectFrom, ROOT } from '../../cli/run.ts';
import { freePort } from '../../services/ports.ts';

/** The sample service with a configuration of its own, deployed to plain processes. */
export interface Sample {
  readonly folder: string;
  readonly port: number;
  deploy(tag: string, ...flags: string[]): Promise<Answer>;
  rollback(...flags: string[]): Promise<Answer>;
  /** id and status of each release, and which one runs. */
  record(): Promise<{ readonly statuses: readonly string[]; readonly current: string | undefined }>;
  /** Changes the program, or another file: what a new release brings. */
  change(from: string | RegExp, to: string, file?: string): Promise<void>;
  /** What the service says it is; undefined where nothing answers. */
  version(): Promise<string | undefined>;
  /** Runs a command and kills it, not softly, as soon as it has said a line that holds `line`. */
  killedAt(line: string, ...args: string[]): Promise<boolean>;
}

const UNIT = 'sample-chat';
/** What works is seen to work at once, or on a busy machine later. */
const WAIT = ['--wait', '60s'];

/** Ends with its test, beside which others run. */
export async function sample({ onTestFinished }: TestContext): Promise<Sample> {
  const folder = await projectFrom('templates/demo');
  onTestFinished(() => endProcesses(folder, [UNIT], 2_000));
  const port = await freePort();
  await writeFile(
    join(folder, 'aideploy.yaml'),
    `version: 1
name: ${UNIT}
services:
  api:
    language: node
    build: {main: src/server.js}
    port: ${port}
    metrics: {path: /metrics}
    health: {live: /health/live, ready: /health/ready}
    timeouts: {request: 10s, llm: 9s, startup: 60s, drain: 6s}
    env: {PORT: "\${port}"}
    smoke:
      - {name: chat, method: POST, path: /api/chat, json: {message: Hello}, expect: {json: {$.reply: exists}}, within: 5s}
`,
  );
  const run = (args: readonly string[]) => aideploy([...args], { cwd: folder });
  return {
    folder,
    port,
    deploy: (tag, ...flags) => run(['deploy', 'process', '--tag', tag, ...WAIT, ...flags]),
    rollback: (...flags) => run(['rollback', 'process', ...WAIT, ...flags]),
    async record() {
      const { stdout } = await run(['releases', '--platform', 'process', '--format', 'json']);
      const { releases } = JSON.parse(stdout) as {
        releases: { id: string; status: string; current: boolean }[];
      };
      return {
        statuses: releases.map(({ id, status }) => `${id} ${status}`),
        current: releases.find(({ current }) => current)?.id,
      };
    },
    async change(from, to, file = 'src/server.js') {
      const text = await readFile(join(folder, file), 'utf8');
      const changed = text.replace(from, to);
      if (changed === text) throw new Error(`the sample has no ${from}`);
      await writeFile(join(folder, file), changed);
    },
    async version() {
      const answer = await fetch(`http://127.0.0.1:${port}/version`).catch(() => undefined);
      return answer && ((await answer.json()) as { version: string }).version;
    },
    killedAt: (line, ...args) => killed(folder, line, args),
  };
}

function killed(cwd: string, line: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(ROOT, 'bin/aideploy.js'), ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', chunk => {
      said += chunk;
      if (said.includes(line)) child.kill('SIGKILL');
    });
    child.on('error', reject).on('close', (_, signal) => resolve(signal === 'SIGKILL'));
  });
}
