/** Releases of the agent of fixtures/windows on Wine, by the rendered scripts, which may be ended at any of their lines. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Artifact } from '../../src/artifacts/artifact.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Outcome } from '../../src/exec/run.ts';
import { buildModel } from '../../src/model/build.ts';
import type { Site } from '../../src/platforms/windows/site.ts';
import type { Verdict } from '../../src/release/run.ts';
import { makeOn } from '../../src/release/strategies/windows/index.ts';
import type { Goal, Strategy } from '../../src/release/strategy.ts';
import { memoryPlatform } from '../release/memory.ts';
import { type Running, running } from '../release/running.ts';
import { answer, DIR, FILE, render } from './windows.ts';
import type { Wine } from './wine.ts';

const PROGRAM = 'server-windows-amd64.exe';
const SCRIPTS = 'C:\\chat\\deploy\\windows';
const TRACE = 'C:\\trace.txt';
/** How a script ends that is ended in the middle. */
const KILLED = 9;

export interface Agent extends Running {
  readonly wine: Wine;
  readonly strategy: Strategy;
  /** Renders the scripts again. */
  place(change?: (text: string) => string): void;
  /** What scripts/build.sh would leave; `undefined` where nobody ran it. */
  build(program: string | undefined): void;
  /** A line of the scripts before which they are ended, and whoever runs them with them. */
  fault: number | undefined;
  /** Told when that came to pass. */
  killed: () => void;
  /** The lines that were passed, each once, in their order; from here on they are noted anew. */
  passed(): number[];
}

export async function agentOn(wine: Wine): Promise<Agent> {
  const root = wine.path('C:\\chat');
  const model = buildModel(loadConfig(FILE, readFileSync(FILE)));
  const surroundings = { model, root, hosts: [], images: {}, build: 'build', commit: 'c0ffee', by: 'me' };
  const { run, ...rest } = running(memoryPlatform());
  const agent = {
    ...rest,
    wine,
    fault: undefined as number | undefined,
    killed: () => undefined,
    place: (change?: (text: string) => string) => wine.place(SCRIPTS, render(change).map(fallible())),
    build: (program: string | undefined) => build(root, wine, program),
    passed: () => {
      const lines = wine.read(TRACE).split(/\r?\n/).filter(Boolean).map(Number);
      wine.write(TRACE, '');
      return [...new Set(lines)];
    },
  };
  agent.place();
  wine.copy('nssm', `${SCRIPTS}\\nssm.exe`);
  agent.build('server');
  wine.write(`${DIR}\\config\\agent.env`, 'API_KEY=one\r\n');
  const { value: strategy, obstacle } = await makeOn(siteOf(agent), surroundings);
  if (obstacle) throw new Error(obstacle.why);
  const hooks = { ...run.hooks, verify: async (goal: Goal) => agent.verdicts.shift() ?? versionOf(goal) };
  // A beat while a script runs would be another one at the same time, which the calls of this Wine are not made for.
  const times = { beat: 600_000, holds: 900_000 };
  return Object.assign(agent, { strategy, run: { ...run, strategy, hooks, times } });
}

async function versionOf({ release }: Goal): Promise<Verdict> {
  const version = await answer().catch((error: Error) => error.message);
  if (version === release.tag) return { verdict: 'pass', summary: 'well', details: [] };
  return { verdict: 'fail', summary: `version: ${version}, not ${release.tag}`, details: [] };
}

function build(root: string, wine: Wine, program: string | undefined): void {
  const sums = join(root, 'build', 'SHA256SUMS');
  if (program === undefined) {
    rmSync(sums);
    return;
  }
  wine.copy(program, `C:\\chat\\build\\${PROGRAM}`);
  const sum = createHash('sha256').update(readFileSync(join(root, 'build', PROGRAM)));
  writeFileSync(sums, `${sum.digest('hex')}  ${PROGRAM}\n`);
}

/** Lines that change something, or call what does. */
const CHANGE =
  /^(?:mkdir|copy|move|ren|del|rmdir|call "%|reg add|icacls|sc\.exe config|powershell\.exe|tar |"%NSSM%"|>)/;

/** Before each such line a script tells its number, and ends where it is the one that is meant. */
function fallible(): (artifact: Artifact) => Artifact {
  let count = 0;
  const before = (): string => {
    count += 1;
    return `>>${TRACE} echo ${count}\r\nif "%FAULT%"=="${count}" exit ${KILLED}\r\n`;
  };
  return artifact =>
    artifact.path.endsWith('.cmd')
      ? {
          ...artifact,
          content: artifact.content.replaceAll(/^.*$/gm, line =>
            CHANGE.test(line) ? before() + line : line,
          ),
        }
      : artifact;
}

type Machine = Pick<Agent, 'wine' | 'fault' | 'killed'>;

/** The project lies in Windows' own folders, which this machine sees under another name. */
function siteOf(agent: Machine): Site {
  const { wine } = agent;
  const drive = join(wine.prefix, 'drive_c');
  const windowsPath = (path: string) =>
    path.startsWith(drive) ? `C:${path.slice(drive.length)}`.replaceAll('/', '\\') : path;
  return {
    list: async folder => {
      try {
        return readdirSync(wine.path(folder));
      } catch {
        return [];
      }
    },
    read: async file => wine.read(file) || undefined,
    run: async (file, args, _, env): Promise<Outcome> => {
      const variables = { ...env, ...(agent.fault !== undefined && { FAULT: String(agent.fault) }) };
      const { code, output } = await wine.script(windowsPath(file), args.map(windowsPath), variables);
      if (code === KILLED) {
        agent.killed();
        return new Promise(() => undefined);
      }
      return {
        status: code === 0 ? 'ok' : 'failed',
        exitCode: code,
        stdout: output,
        stderr: output,
        truncated: false,
        durationMs: 0,
        message: '',
      };
    },
  };
}
