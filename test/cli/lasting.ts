/**
 * Most of what a command takes is to start Node and to load the program. Those that only read and write files run in one
 * process, one after the other; lasting.test.ts holds it to what a process of its own answers.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer } from './run.ts';

export interface Order {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** They wait for nobody, and leave nothing behind but files. */
export const OF_FILES: readonly string[] = ['check', 'completion', 'explain', 'init', 'render', 'schema'];

let lasting: ChildProcess | undefined;
let turn: Promise<unknown> = Promise.resolve();

export function lastingly(order: Order): Promise<Answer> {
  const answer = turn.then(() => answerTo(order));
  turn = answer.catch(() => undefined);
  return answer;
}

function answerTo(order: Order): Promise<Answer> {
  lasting ??= start();
  const child = lasting;
  return new Promise<Answer>((resolve, reject) => {
    let complaint = '';
    const hear = (text: string) => (complaint += text);
    const ended = () => {
      lasting = undefined;
      reject(new Error(`aideploy ${order.args.join(' ')} ended the process that it shared:\n${complaint}`));
    };
    child.stderr?.on('data', hear);
    child.once('close', ended);
    child.once('message', (answer: Answer) => {
      child.off('close', ended);
      child.stderr?.off('data', hear);
      resolve(answer);
    });
    child.send(order);
  });
}

/** It ends when the process that asks does. */
function start(): ChildProcess {
  const child = fork(fileURLToPath(new URL('lasting.mjs', import.meta.url)), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.stderr?.setEncoding('utf8');
  return child;
}
