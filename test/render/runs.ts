import { vi } from 'vitest';

/** The seed of every property in this run: a failure prints it, and AIDEPLOY_SEED brings the run back. */
const seed = Number(process.env['AIDEPLOY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.info(`properties: seed ${seed}${deep() ? ', deep' : ''}`);

if (deep()) vi.setConfig({ testTimeout: 600_000 });

function deep(): boolean {
  return process.env['AIDEPLOY_DEEP'] === '1';
}

/** How often a property is tried: AIDEPLOY_DEEP=1 tries it twenty times as often. */
export function runs(numRuns: number): { numRuns: number; seed: number } {
  return { numRuns: deep() ? numRuns * 20 : numRuns, seed };
}
