import kleur from 'kleur';
import type { ProbeResult } from '../../verify/verification.ts';
import { line } from '../plain.ts';
import { probeLines } from './text.ts';
import { duration } from './words.ts';

/** Where progress is shown: stderr, or what a test reads. */
interface Screen {
  readonly columns?: number;
  write(text: string): unknown;
}

/** Told what happens while a verification runs. */
interface ProbeProgress {
  started(id: string): void;
  ended(result: ProbeResult): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

const REDRAW = 100;
const ERASE = '\r\u001b[K';

/**
 * A line for each probe that ended, unless the report will stand on the same terminal; there also one that tells
 * what still runs, and for how long.
 */
export function createProbeProgress(
  screen: Screen,
  live: boolean,
  total: number,
  told = true,
): ProbeProgress {
  const running = new Map<string, number>();
  let done = 0;
  const draw = () => {
    const now = performance.now();
    const names = [...running].map(([id, since]) => `${line(id)} ${duration(now - since)}`);
    const status = `.. ${done}/${total}${names.length > 0 ? `  ${names.join(', ')}` : ''}`;
    // One past the width would wrap, and the next redraw would leave it behind.
    const fitting = [...status].slice(0, (screen.columns ?? 80) - 1).join('');
    screen.write(`${ERASE}${kleur.dim(fitting)}`);
  };
  const timer = live ? setInterval(draw, REDRAW) : undefined;
  timer?.unref();
  return {
    started: id => {
      running.set(id, performance.now());
    },
    ended: result => {
      running.delete(result.id);
      done += 1;
      if (told) screen.write(`${live ? ERASE : ''}${probeLines(result).join('\n')}\n`);
    },
    close: () => {
      clearInterval(timer);
      if (live) screen.write(ERASE);
    },
  };
}
