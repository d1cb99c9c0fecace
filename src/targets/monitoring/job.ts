import type { Monitoring } from '../../model/monitoring.ts';

/** One entry of scrape_configs, and what whoever installs its target has to know. */
export interface Job {
  readonly notes: readonly string[];
  readonly config: object;
}

/** What a tool listens on: in a container everywhere, since it is asked from another. */
export const listening = ({ platform, tools }: Monitoring, name: keyof Monitoring['tools']): string =>
  platform === 'compose' || platform === 'kubernetes' ? `:${tools[name].split(':').at(-1)}` : tools[name];
