import { describe, expect, test } from 'vitest';
import { expectFacts, type Facts, fixture, realService } from './facts.ts';

const cases: Record<string, Facts> = {
  'node-express-routers': {
    name: 'chat-api @ package.json:1',
    'api.framework': 'express @ src/index.js:1',
    'api.version': '~20 @ package.json:4',
    'api.build.main': 'src/index.js @ package.json:5',
    'api.build.manifest': 'yarn.lock @ yarn.lock:1',
    'api.build.script': 'none',
    'api.port': '4000 @ src/config.js:4 src/index.js:17',
    'api.portEnv': '{"name":"PORT","form":"${port}"} @ src/config.js:4',
    'api.metrics': '{"path":"/metrics"} @ src/index.js:13',
    'api.health.live': '/health/live @ src/routes/health.js:6',
    'api.health.ready': '/health/ready @ src/routes/health.js:10',
    'api.stream': '{"kind":"sse","paths":["/api/chat/stream"]} @ src/routes/chat.js:8',
    'api.routes.GET /api/chat/history': '{"method":"GET","path":"/api/chat/history"} @ src/routes/chat.js:12',
    'api.routes.DELETE /api/chat/history':
      '{"method":"DELETE","path":"/api/chat/history"} @ src/routes/chat.js:12',
    'api.timeouts.drain': '25s @ src/config.js:5 src/index.js:22',
    'api.timeouts.llm': '~20s @ src/routes/chat.js:5',
    'api.limits.body': '2Mi @ src/index.js:10',
    'api.cors': '["https://app.acme.dev"] @ src/index.js:9',
    'api.env.OPENAI_API_KEY': 'secret, required @ src/config.js:7',
    'api.env.MODEL': 'default gpt-4o-mini @ src/config.js:6',
    'api.env.ONLY_IN_TESTS': 'none',
    'api.egress.api.openai.com:443': '~api.openai.com:443 @ src/routes/chat.js:2',
    'database.urlEnv': 'DATABASE_URL @ src/db.js:3',
  },
  'node-fastify-ts': {
    'api.framework': 'fastify @ src/routes/chat.ts:1',
    'api.version': '22 @ .nvmrc:1',
    'api.build.main': 'build/server.js @ package.json:4',
    'api.build.script': 'build @ package.json:4',
    'api.build.packageManager': 'pnpm @ pnpm-lock.yaml:1',
    'api.port': '3100 @ src/env.ts:4 src/server.ts:14',
    'api.portEnv': '{"name":"PORT","form":"${port}"} @ src/env.ts:4',
    'api.health.live': '/health/live @ src/routes/health.ts:4',
    'api.health.ready': '/health/ready @ src/routes/health.ts:5',
    'api.routes.GET /v1/models': '{"method":"GET","path":"/v1/models"} @ src/routes/chat.ts:9',
    'api.stream': '{"kind":"sse","paths":["/v1/chat"]} @ src/routes/chat.ts:4',
    'api.limits.body': '512Ki @ src/server.ts:7',
    'api.egress.api.anthropic.com:443': 'api.anthropic.com:443 @ src/routes/chat.ts:6',
    'api.env.ANTHROPIC_API_KEY': 'secret, required @ src/env.ts:5',
    'api.env.TENANT': 'default none, required @ src/env.ts:6',
    'api.env.LOG_LEVEL': 'default info @ src/env.ts:7',
    'api.env.ONLY_IN_TESTS': 'none',
  },
  'node-nest': {
    'api.framework': 'nest @ src/main.ts:1',
    'api.build.main': 'dist/main.js @ package.json:3',
    'api.port': '3333 @ src/main.ts:7',
    'api.stream': '{"kind":"sse","paths":["/api/chat/stream"]} @ src/chat.controller.ts:11',
    'api.routes.GET /api/chat/models':
      '{"method":"GET","path":"/api/chat/models"} @ src/chat.controller.ts:16',
    'api.health.missing': 'true',
    'api.health.live': '~/api/chat/models @ src/chat.controller.ts:16',
  },
  'node-hono-no-health': {
    'api.framework': 'hono @ src/index.ts:2',
    'api.build.main': '~src/index.ts @ package.json:4',
    'api.port': '8787 @ src/index.ts:12',
    'api.stream': '{"kind":"sse","paths":["/v2/chat/stream"]} @ src/index.ts:8',
    'api.health.missing': 'true',
    'api.health.live': '~/v2/version @ src/index.ts:10',
  },
};

describe('Node', () => {
  test.each(Object.entries(cases))('%s', async (name, facts) => {
    await expectFacts(fixture(name), facts);
  });

  test('a service without health routes is told what to add and what is used meanwhile', async () => {
    const { notes } = await expectFacts(fixture('node-hono-no-health'), {});
    const note = notes.find(({ message }) => message.startsWith('no health route was found'));
    expect(note?.message).toContain('/v2/version is used meanwhile');
    expect(note?.propose).toContain("app.get('/health/ready', async c =>");
  });
});

test('the real Node service', async () => {
  await expectFacts(realService('node'), {
    'api.framework': 'node:http @ src/server.js:3',
    'api.build.main': 'src/server.js @ package.json:8',
    'api.port': '3000 @ src/settings.js:29 src/server.js:43',
    'api.portEnv': '{"name":"PORT","form":"${port}"} @ src/settings.js:29',
    'api.metrics': '{"path":"/metrics"} @ src/server.js:27',
    'api.health.live': '/health/live @ src/server.js:14',
    'api.health.ready': '/health/ready @ src/server.js:15',
    'api.health.deep': '/health/deep @ src/server.js:17',
    'api.timeouts.drain': '~30s @ src/settings.js:49',
  });
});
