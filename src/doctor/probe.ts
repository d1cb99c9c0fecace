import { tmpdir } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { findProgram, type Outcome, run } from '../exec/run.ts';
import type { Finding, Status, Tool } from './tool.ts';
import { findVersion, reaches } from './version.ts';

const TIMEOUT = 3_000;
/** More at once make each other slow enough to look as if they hung. */
const AT_ONCE = 6;
const LONGEST_LINE = 160;

/** Asks every tool for its version, some at a time; the order of the answers is that of the tools. */
export async function probeAll(
  tools: readonly Tool[],
  minimums: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const queue = [...tools.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, tool] = next;
      findings[index] = await probe(tool, minimums.get(tool.id) ?? tool.minimum, signal);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return findings;
}

/** Of several names for one program the first that is good enough counts, else the first that is there. */
export async function probe(tool: Tool, minimum?: string, signal?: AbortSignal): Promise<Finding> {
  if (tool.lookFor !== undefined) return look(tool, tool.lookFor);
  let best: Finding | undefined;
  for (const candidate of tool.commands) {
    const outcome = await run(
      // Away from the project: nothing there may choose what answers, such as go.mod's toolchain line.
      { ...candidate, cwd: tmpdir(), env: { GOTOOLCHAIN: 'local', LC_ALL: 'C', ...candidate.env } },
      { timeout: tool.timeout ?? TIMEOUT, output: 64 * 1024, ...(signal && { signal }) },
    );
    const finding = judge(tool, outcome, minimum);
    if (finding.status === 'ok') return finding;
    if (best === undefined || best.status === 'missing') best = finding;
  }
  return best ?? { ...blank(tool, minimum), status: 'missing' };
}

const look = async (tool: Tool, program: string): Promise<Finding> => ({
  ...blank(tool, undefined),
  status: (await findProgram(program)) ? 'ok' : 'missing',
});

function judge(tool: Tool, outcome: Outcome, minimum: string | undefined): Finding {
  const version = findVersion(`${outcome.stdout}\n${outcome.stderr}`, tool.version);
  const found = (status: Status, detail: string | null = null): Finding => ({
    ...blank(tool, minimum),
    status,
    version: status === 'missing' ? null : version,
    detail,
  });
  if (outcome.status === 'missing') return found('missing');
  if (outcome.status === 'failed' && tool.absent?.test(outcome.stderr)) return found('missing');
  const fault = tool.fault?.(outcome);
  if (fault !== undefined) return { ...found('broken'), ...fault };
  if (outcome.status === 'timeout')
    return found('broken', `no answer within ${(tool.timeout ?? TIMEOUT) / 1_000} s`);
  if (outcome.status !== 'ok')
    return found('broken', firstLine(outcome.stderr) || firstLine(outcome.stdout) || outcome.message);
  if (minimum !== undefined && version !== null && !reaches(version, minimum))
    return found('old', `${minimum} or later is needed`);
  return found('ok');
}

const blank = (tool: Tool, minimum: string | undefined) => ({
  id: tool.id,
  version: null,
  minimum: minimum ?? null,
  detail: null,
  hint: tool.hint,
});

/** What a program said first, as one short line that a terminal obeys in nothing. */
export function firstLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map(line =>
    stripVTControlCharacters(line)
      .replaceAll(/\p{Cc}/gu, '')
      .trim(),
  );
  const line = lines.find(candidate => candidate !== '') ?? '';
  return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 3)}...` : line;
}
