import type { WriteStream } from 'node:tty';

type Stream = Partial<Pick<WriteStream, 'isTTY' | 'columns' | 'hasColors'>>;

/**
 * Whether colour is wanted there: `hasColors` knows NO_COLOR, FORCE_COLOR and TERM=dumb where there is a terminal, and
 * https://force-color.org wants it elsewhere too.
 */
export function hasColour(stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean {
  const { FORCE_COLOR: forced } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return stream.isTTY === true && (stream.hasColors?.(env) ?? false);
}

/** Whether a line may be drawn over: never where lines are read aloud, or kept, one after the other. */
export const isLive = (stream: Stream, env: NodeJS.ProcessEnv = process.env): boolean =>
  stream.isTTY === true && env['TERM'] !== 'dumb' && !env['CI'];

const COLOURS = /\p{Cc}\[[\d;]*m/gu;

export const withoutColour = (text: string): string => text.replaceAll(COLOURS, '');
