import type { Rule } from '../../rule.ts';
import { hostCpus } from '../../workers.ts';

export const workersOfHost: Rule = {
  id: 'gunicorn/host-cpus',
  severity: 'error',
  title: 'as many workers as the host has processors, in a container',
  why: 'A container sees all processors of its host, whatever its limit: on a node of 64 it starts 129 workers, each with the memory of the whole application, and is killed for it.',
  fix: 'Write the number, or take it from WEB_CONCURRENCY, which each platform sets for itself.',
  fixable: 'unsafe',
  example: {
    bad: 'workers = multiprocessing.cpu_count() * 2 + 1',
    good: 'workers = int(os.environ.get("WEB_CONCURRENCY", "2"))',
  },
  check: hostCpus,
};
