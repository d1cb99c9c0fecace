import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { valueAt } from '../../src/config/issues.ts';
import { timingOf } from '../../src/model/timing.ts';
import { runs } from '../render/runs.ts';
import { serviceOf } from './models.ts';

const MIB = 2 ** 20;
const STREAM = 'stream: {kind: sse, paths: [/s], maxDuration: 5m}';
const at = (root: unknown, path: string) => valueAt(root, path.split('.'));

describe('what one number drives', () => {
  test.each<[lines: string, path: string, value: unknown]>([
    // R: the longest legal request.
    ['', 'timing.longest', 60_000],
    [STREAM, 'timing.longest', 300_000],
    [
      'timeouts: {request: 10m, llm: 9m}\n    stream: {kind: sse, paths: [/s], maxDuration: 5m}',
      'timing.longest',
      600_000,
    ],
    // D: R + 5 s unless it is given.
    ['', 'timing.drain', 65_000],
    [STREAM, 'timing.drain', 305_000],
    ['timeouts: {drain: 20s}', 'timing.drain', 20_000],
    // Proxies wait longer than the server works.
    ['', 'timing.proxyRead', 65_000],
    [STREAM, 'timing.proxyRead', 65_000],
    [STREAM, 'timing.proxyStreamRead', 305_000],
    ['timeouts: {request: 1500ms}', 'timing.proxyRead', 7_000],
    // A stop outlives the drain; Kubernetes counts the delay into its grace.
    ['', 'timing.stop', 70_000],
    ['timeouts: {drain: 20.5s}', 'timing.stop', 26_000],
    ['', 'timing.grace', 80_000],
    ['timeouts: {drain: 20s, drainDelay: 2.5s}', 'timing.grace', 28_000],
    ['timeouts: {drain: 20s, drainDelay: 0s}', 'timing.grace', 25_000],
    [STREAM, 'timing.streamsOutliveDrain', false],
    [`${STREAM}\n    timeouts: {drain: 30s}`, 'timing.streamsOutliveDrain', true],
    ['timeouts: {drain: 30s}', 'timing.streamsOutliveDrain', false],
    // Servers keep connections longer than the proxy before them.
    ['', 'timing.keepAlive', 80_000],
    ['', 'timing.keepAliveBehindGoogle', 625_000],
    // A draining gunicorn worker is silent.
    ['', 'timing.workerSilence', 70_000],
    ['workers: {timeout: 3m}', 'timing.workerSilence', 180_000],
    // Cloud Run's timeout is at least R.
    ['timeouts: {request: 90.5s}', 'timing.cloudRunTimeout', 91_000],
    [STREAM, 'timing.cloudRunTimeout', 300_000],
    // The model's calls end before their request.
    ['', 'timing.llm', 45_000],
    ['timeouts: {request: 90s, llm: 80s}', 'timing.llm', 80_000],
    // Probes.
    ['', 'health.startup', { path: '/live', period: 5_000, timeout: 3_000, failures: 12 }],
    ['timeouts: {startup: 301s}', 'health.startup.failures', 61],
    ['timeouts: {startup: 1s}', 'health.startup.failures', 3],
    ['', 'health.ready', { path: '/ready', period: 5_000, timeout: 3_000, failures: 3 }],
    ['', 'health.live', { path: '/live', period: 10_000, timeout: 5_000, failures: 6 }],
    // CPU and memory.
    ['', 'capacity.cpu', { request: 250, limit: 1_000 }],
    ['resources: {cpu: {limit: 2}}', 'capacity.cpu', { request: 250, limit: 2_000 }],
    ['resources: {cpu: {limit: 100m}}', 'capacity.cpu', { request: 100, limit: 100 }],
    ['resources: {cpu: {request: 4}}', 'capacity.cpu', { request: 4_000, limit: 4_000 }],
    ['resources: {cpu: {request: 100m}}', 'capacity.cpu', { request: 100, limit: 1_000 }],
    ['', 'capacity.memory', { request: 512 * MIB, limit: 512 * MIB }],
    ['resources: {memory: {limit: 2Gi}}', 'capacity.memory', { request: 2048 * MIB, limit: 2048 * MIB }],
    ['resources: {memory: {request: 2Gi}}', 'capacity.memory', { request: 2048 * MIB, limit: 2048 * MIB }],
    [
      'resources: {memory: {request: 1Gi, limit: 2Gi}}',
      'capacity.memory',
      { request: 1024 * MIB, limit: 2048 * MIB },
    ],
    ['', 'capacity.goMemoryLimit', Math.floor(512 * MIB * 0.8)],
    ['resources: {cpu: {limit: 1500m}}', 'capacity.goMaxProcs', 2],
    ['resources: {cpu: {limit: 100m}}', 'capacity.goMaxProcs', 1],
    // Workers: by CPU, and never more than the memory holds.
    ['resources: {cpu: {limit: 4}, memory: {limit: 8Gi}}', 'capacity.workers.count', 9],
    [
      'resources: {cpu: {limit: 8}, memory: {limit: 8Gi}}\n    workers: {load: cpu}',
      'capacity.workers.count',
      9,
    ],
    [
      'resources: {cpu: {limit: 8}, memory: {limit: 8Gi}}\n    workers: {load: mixed}',
      'capacity.workers.count',
      12,
    ],
    ['resources: {cpu: {limit: 8}, memory: {limit: 8Gi}}', 'capacity.workers.count', 17],
    ['resources: {cpu: {limit: 500m}}', 'capacity.workers.count', 2],
    ['resources: {cpu: {limit: 500m}}\n    workers: {load: mixed}', 'capacity.workers.count', 1],
    [
      'resources: {cpu: {limit: 8}}',
      'capacity.workers',
      { count: 2, boundByMemory: true, maxRequests: 1_000, jitter: 50 },
    ],
    ['resources: {memory: {limit: 100Mi}}', 'capacity.workers.count', 1],
    [
      'workers: {count: 7}',
      'capacity.workers',
      { count: 7, boundByMemory: false, maxRequests: 1_000, jitter: 50 },
    ],
    // Recycling a worker cuts its streams.
    [STREAM, 'capacity.workers.maxRequests', 0],
    [
      `${STREAM}\n    workers: {maxRequests: 500}`,
      'capacity.workers',
      { count: 2, boundByMemory: true, maxRequests: 500, jitter: 25 },
    ],
    [
      'scale: {min: 1, max: 3}',
      'capacity.scale',
      { kind: 'auto', min: 1, max: 3, cpu: 0.7, memory: undefined },
    ],
    ['scale: {min: 1, max: 3, memory: 80%}', 'capacity.scale.memory', 0.8],
    ['scale: {replicas: 3}', 'capacity.scale', { kind: 'fixed', replicas: 3 }],
  ])('%s → %s', (lines, path, value) => {
    expect(at(serviceOf(lines), path)).toEqual(value);
  });

  test('whatever is written, no part outlives its whole', () => {
    const duration = fc.integer({ min: 1, max: 4 * 3_600_000 });
    const times = fc.record({
      request: duration,
      startup: duration,
      drain: fc.option(duration, { nil: undefined }),
      drainDelay: fc.nat(600_000),
      max: duration,
      kind: fc.constantFrom('none', 'sse'),
    });
    fc.assert(
      fc.property(times, ({ request, startup, drain, drainDelay, max, kind }) => {
        const timing = timingOf({
          timeouts: { request, startup, drainDelay, ...(drain === undefined ? {} : { drain }) },
          stream: { kind, paths: [], maxDuration: max, heartbeat: 1, firstEvent: 1, idle: 1 },
          workers: { load: 'io', memory: 1 },
        } as unknown as Parameters<typeof timingOf>[0]);
        expect(timing.llm).toBeLessThan(Math.max(request, 1));
        expect(timing.proxyRead).toBeGreaterThan(request);
        expect(timing.proxyStreamRead).toBeGreaterThan(timing.longest);
        expect(timing.stop).toBeGreaterThanOrEqual(timing.drain + 5_000);
        expect(timing.grace).toBeGreaterThanOrEqual(drainDelay + timing.drain + 5_000);
        expect(timing.workerSilence).toBeGreaterThan(timing.drain);
        expect(timing.cloudRunTimeout).toBeGreaterThanOrEqual(timing.longest);
        for (const value of [
          timing.stop,
          timing.grace,
          timing.proxyRead,
          timing.proxyStreamRead,
          timing.cloudRunTimeout,
        ])
          expect(value % 1_000).toBe(0);
      }),
      runs(500),
    );
  });

  test('a process is slower to be killed than to be left alone', () => {
    const { health } = serviceOf('timeouts: {startup: 10s}');
    const budget = (probe = health?.ready) => (probe ? probe.period * probe.failures : 0);
    expect(budget(health?.live)).toBeGreaterThan(budget(health?.ready));
    expect(budget(health?.startup)).toBeGreaterThanOrEqual(10_000);
  });
});
