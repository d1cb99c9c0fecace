import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { forget } from './answers.ts';
import { ANSWERS } from './judges.ts';

/** Installs the real tools that judge what we render, or names what is missing. Warm, it takes no time. */
export default function setup(): void {
  const script = fileURLToPath(new URL('setup', import.meta.url));
  if (existsSync(script)) execFileSync(script, { stdio: ['ignore', 'inherit', 'inherit'] });
  forget(ANSWERS);
}
