import type { MakeStrategy } from '../strategy.ts';

/** Where one can deploy to, each loaded on use. */
export const STRATEGIES: Readonly<Record<string, () => Promise<MakeStrategy>>> = {
  cloudrun: async () => (await import('./cloudrun/index.ts')).makeCloudRun,
  compose: async () => (await import('./compose/index.ts')).makeCompose,
  kubernetes: async () => (await import('./kubernetes/index.ts')).makeKubernetes,
  process: async () => (await import('./process/index.ts')).makeProcess,
  systemd: async () => (await import('./systemd/index.ts')).makeSystemd,
  windows: async () => (await import('./windows/index.ts')).makeWindows,
};
