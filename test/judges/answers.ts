/**
 * What judges said before. A judge that is the same program and is asked the same of the same files says the same: its
 * answer is kept beside the judges, and is asked for again when any of that is another. Without the folder all are asked.
 */
import { createHash, type Hash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Question {
  /** The program and its version, arguments and variables: all but files that its answer may depend on. */
  readonly asked: readonly unknown[];
  /** Every file that the judge looks at, and every folder, whole. Where they are together makes no difference. */
  readonly reads: readonly string[];
}

/** The answer that `folder` keeps, or else the judge's own. What is no answer is thrown, and not kept. */
export async function answered(
  folder: string,
  question: Question,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const root = rootOf(question.reads);
  const file = join(folder, `${keyOf(question, root)}.json`);
  const kept = read(file);
  if (kept) return mapped(kept, text => text.replaceAll(ROOT, () => root));
  const answer = await ask();
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    `${file}.${process.pid}`,
    JSON.stringify(mapped(answer, text => text.replaceAll(root, ROOT))),
  );
  renameSync(`${file}.${process.pid}`, file);
  return answer;
}

const KEPT_FOR = 30 * 24 * 3_600_000;

/** Answers that nobody wanted for a month are about files that are no more. */
export function forget(folder: string, now: number = Date.now()): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const stat = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stat && now - stat.mtimeMs > KEPT_FOR) rmSync(join(folder, name), { force: true });
  }
}

function read(file: string): Answer | undefined {
  try {
    const answer = JSON.parse(readFileSync(file, 'utf8')) as Answer;
    utimesSync(file, new Date(), new Date());
    return answer;
  } catch {
    return undefined;
  }
}

/** Stands for the folder of what is read, whose name is another in each run. */
const ROOT = '<root>';

/** The folder that holds them all. */
function rootOf(reads: readonly string[]): string {
  const folders = reads.map(path => (statSync(path).isDirectory() ? path : dirname(path)).split(sep));
  const [first = [], ...others] = folders;
  const length = first.findIndex((part, i) => others.some(other => other[i] !== part));
  return (length < 0 ? first : first.slice(0, length)).join(sep);
}

function keyOf({ asked, reads }: Question, root: string): string {
  const hash = createHash('sha256').update(JSON.stringify(asked).replaceAll(root, ROOT));
  for (const path of reads) addContent(hash, root, path);
  return hash.digest('hex');
}

function addContent(hash: Hash, root: string, path: string): void {
  const stat = statSync(path);
  hash.update(`\0${relative(root, path)}\0${stat.mode}\0`);
  if (stat.isDirectory())
    for (const name of readdirSync(path).sort()) addContent(hash, root, join(path, name));
  else hash.update(`${stat.size}\0`).update(readFileSync(path));
}

const mapped = ({ code, stdout, stderr }: Answer, change: (text: string) => string): Answer => ({
  code,
  stdout: change(stdout),
  stderr: change(stderr),
});
