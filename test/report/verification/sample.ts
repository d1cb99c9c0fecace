import type { ProbeResult, Verification } from '../../../src/verify/verification.ts';

/** What a server may answer to get into a terminal, a page, a pipeline's log or a database of metrics. */
export const HOSTILE =
  '<script src="http://127.0.0.1:9/x.js"></script><img src=x onerror=alert(1)>"\'`|*_[a](javascript:1)\\\u001b]0;t\u0007\u001b[2J\r\n::error::forged%0A\u202e&amp;{{x}}\u0000end';

const probe = (id: string, rest: Partial<ProbeResult>): ProbeResult => ({
  id,
  probe: id.split('/')[0] ?? id,
  name: `Probe ${id}`,
  status: 'pass',
  startedMs: 0,
  durationMs: 12.4,
  attempts: 1,
  message: 'as it must be',
  ...rest,
});

const difference = (observed: string, expected: string, next: string) => ({
  message: `${observed}; expected ${expected}. Next: ${next}.`,
  observed,
  expected,
  next,
});

export const SAMPLE: Verification = {
  target: 'chatbot at https://chat.example.com',
  startedAt: '2026-11-21T12:00:00.250Z',
  durationMs: 12_750,
  verdict: 'fail',
  interrupted: false,
  probes: [
    probe('live/api', {
      message: '200 in 12 ms',
      detail: { phases: { dns: 1, connect: 2.5, tls: 4, firstByte: 4, total: 12.4 } },
    }),
    probe('ready/api', {
      status: 'fail',
      startedMs: 13,
      durationMs: 9_000,
      attempts: 5,
      ...difference('503 that says not ready: database', 'status 200', 'look at /health/deep'),
    }),
    probe('latency/api', {
      startedMs: 20,
      durationMs: 2_400,
      detail: {
        latency: {
          requests: 100,
          errors: 1,
          min: 8,
          p50: 20,
          p90: 60,
          p95: 90,
          p99: 400,
          max: 900,
          objective: 3_000,
          buckets: [10, 20, 40, 80, 160, 900].map((upTo, i) => ({
            upTo,
            count: [5, 45, 30, 12, 6, 2][i] ?? 0,
          })),
        },
      },
    }),
    probe('sse/api', {
      startedMs: 40,
      durationMs: 3_200,
      detail: {
        stream: {
          arrivals: [300, 600, 900, 1_400, 2_900],
          events: 5,
          heartbeats: 1,
          first: 300,
          largestGap: 1_500,
          duration: 3_000,
        },
      },
    }),
    probe('tls', {
      startedMs: 50,
      detail: {
        tls: {
          host: 'chat.example.com',
          protocol: 'TLSv1.3',
          cipher: 'TLS_AES_128_GCM_SHA256',
          daysLeft: 60,
          chain: [
            {
              subject: 'CN=chat.example.com',
              issuer: 'CN=Example CA',
              names: ['chat.example.com'],
              from: '2026-10-22T00:00:00.000Z',
              to: '2027-01-20T00:00:00.000Z',
            },
          ],
        },
      },
    }),
    probe('kubernetes-rollout/api', {
      status: 'fail',
      startedMs: 60,
      ...difference(
        '1 of 2 replicas is ready',
        '2 ready replicas',
        'kubectl -n chatbot describe pod chatbot-x',
      ),
      detail: {
        rollout: [
          { kind: 'Pod', name: 'chatbot-a', state: 'Running', good: true },
          {
            kind: 'Pod',
            name: 'chatbot-b',
            state: 'CrashLoopBackOff',
            good: false,
            notes: ['4 restarts', 'panic: no key'],
          },
        ],
        versions: { '1.4.2': 9, '1.4.1': 1 },
      },
    }),
    probe('smoke/chat', {
      status: 'inconclusive',
      startedMs: 70,
      ...difference('429 with Retry-After 30', 'an answer', 'ask again when it is less busy'),
    }),
    probe('database', {
      status: 'error',
      startedMs: 80,
      ...difference(`it said ${HOSTILE}`, 'a login', 'set DATABASE_URL'),
    }),
    probe('grpc/api', { status: 'skip', startedMs: 90, durationMs: 0, message: 'it speaks no gRPC' }),
  ],
};

export const PASSED: Verification = {
  ...SAMPLE,
  verdict: 'pass',
  durationMs: 125_000,
  probes: SAMPLE.probes.filter(({ status }) => status === 'pass'),
};

export const NOTHING: Verification = { ...SAMPLE, verdict: 'inconclusive', interrupted: true, probes: [] };

/** One probe that failed for each of these texts, which stand wherever a text can. */
export const saying = (texts: readonly string[]): Verification => ({
  ...SAMPLE,
  target: texts[0] ?? '',
  probes: texts.map((text, i) =>
    probe(`p${i}`, {
      name: text,
      status: 'fail',
      message: text,
      observed: text,
      expected: text,
      next: text,
      detail: {
        rollout: [{ kind: text, name: text, state: text, good: false, notes: [text] }],
        versions: { [`${i}${text}`]: 1 },
      },
    }),
  ),
});
