import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, command } from '../../exec/command.ts';
import { run } from '../../exec/run.ts';
import type { Answer } from '../answer.ts';

/** A program that runs on when its starter has ended: what is known of it stands in `<folder>/<name>.pid`. */
export interface Child {
  readonly pid: number;
  /** When it began, as the system says it: another process may have its number by now. */
  readonly began: string;
  /** What its starter called it. */
  readonly label: string;
}

/** Where it keeps its number and what it says. */
export interface Place {
  readonly folder: string;
  readonly name: string;
}

// By ticks since which boot, which no setting of the clock changes; slim images have no ps, and macOS has no /proc.
// What ended and was collected by nobody does not run.
const BEGAN = `began() {
  if [ -r /proc/self/stat ]; then
    read -r boot </proc/sys/kernel/random/boot_id || boot=
    { IFS= read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
    set -- \${stat##*)}
    [ "$1" = Z ] || printf '%s %s\\n' "$boot" "\${20}"
  else
    ps -o lstart= -p "$1" || true
  fi
}`;

// The number is written before anything else can fail, and by one rename: a starter that is killed leaves no stranger.
const START = `set -e
${BEGAN}
[ -r /proc/self/stat ] || command -v ps >/dev/null || { echo 'there is neither /proc nor ps' >&2; exit 1; }
pid=$1 log=$2 label=$3; shift 3
nohup "$@" </dev/null >"$log" 2>&1 &
printf '%s\\n%s\\n%s\\n' "$!" "$(began "$!")" "$label" >"$pid.new"
mv "$pid.new" "$pid"`;

const RUNNING = `${BEGAN}
[ -f "$1" ] || exit 0
{ read -r pid; read -r began; read -r label; } <"$1"
printf '%s\\n%s\\n%s\\n' "$pid" "$began" "$label"
began "$pid"`;

const pidFile = ({ folder, name }: Place) => `${folder}/${name}.pid`;
const logFile = ({ folder, name }: Place) => `${folder}/${name}.log`;

/** Starts a command beside this process; its output goes to a log of its own. */
export async function start(place: Place, wanted: Command, label: string): Promise<Answer<void>> {
  const { program, args, env, cwd } = wanted;
  const words = ['-c', START, 'sh', pidFile(place), logFile(place), label, program, ...args];
  const { status, stderr, message } = await run({
    ...command('sh', ...words),
    ...(env && { env }),
    ...(cwd !== undefined && { cwd }),
  });
  if (status === 'ok') return { value: undefined };
  return {
    obstacle: {
      why: stderr.trim() || message,
      next: 'see whether sh and nohup are installed, and /proc or ps',
    },
  };
}

/** The child, as long as it runs. */
export async function running(place: Place): Promise<Child | undefined> {
  const { stdout } = await run(command('sh', '-c', RUNNING, 'sh', pidFile(place)));
  const [pid = '', began = '', label = '', now = ''] = stdout.split('\n').map(line => line.trim());
  if (!/^\d+$/.test(pid) || began === '' || began !== now) return undefined;
  return { pid: Number(pid), began, label };
}

/** Asks it to end, and ends it when it takes longer than it may. */
export async function stop(place: Place, grace: number): Promise<void> {
  const deadline = performance.now() + grace;
  for (let asked = false; ; ) {
    const child = await running(place);
    if (!child) return;
    if (!asked) send(child.pid, 'SIGTERM');
    else if (performance.now() > deadline) send(child.pid, 'SIGKILL');
    asked = true;
    await sleep(50);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself in the meantime.
  }
}

/** The end of what it said. */
export async function lastWords(place: Place): Promise<string> {
  const { status, stdout } = await run(command('tail', '-n', '40', '--', logFile(place)));
  return status === 'ok' ? stdout : '';
}
