import { vi } from 'vitest';

/**
 * The seed of every property in this run. A change is judged by the same values as the one before it; what no property has
 * met yet is looked for by AIDEPLOY_DEEP, which draws, and whose run AIDEPLOY_SEED brings back.
 */
export const SEED = Number(
  process.env['AIDEPLOY_SEED'] ?? (deep() ? Math.floor(Math.random() * 2 ** 31) : 1),
);
console.info(`properties: seed ${SEED}${deep() ? ', deep' : ''}`);

if (deep()) vi.setConfig({ testTimeout: 600_000 });

function deep(): boolean {
  return process.env['AIDEPLOY_DEEP'] === '1';
}

/** How often a property is tried: AIDEPLOY_DEEP=1 tries it twenty times as often. */
export function runs(numRuns: number): { numRuns: number; seed: number } {
  return { numRuns: deep() ? numRuns * 20 : numRuns, seed: SEED };
}
