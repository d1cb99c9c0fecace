import { describe, expect, test } from 'vitest';
import { parseGoMod } from '../../src/detect/go/project.ts';
import { expectFacts, type Facts, fixture, realService } from './facts.ts';

const cases: Record<string, Facts> = {
  'go-several-mains': {
    name: 'beacon @ go.mod:1',
    'api.kind': 'http @ cmd/server/main.go:17',
    'api.version': '1.24 @ go.mod:3',
    'api.build.main': './cmd/server @ cmd/server/main.go:17',
    'api.build.binaries.0': './cmd/beaconctl @ cmd/beaconctl/main.go:5',
    'api.build.binaries.1': 'none',
    'api.port': '8443 @ cmd/server/main.go:15 cmd/server/main.go:34',
    'api.portEnv': '{"name":"PORT","form":"${port}"} @ cmd/server/main.go:18',
    'api.health.live': '/healthz @ cmd/server/main.go:28',
    'api.health.ready': '/healthz @ cmd/server/main.go:28',
    'api.stream': '{"kind":"sse","paths":["/v1/ask"]} @ cmd/server/main.go:33',
    'api.timeouts.drain': '45s @ cmd/server/main.go:39',
    'api.timeouts.server.0': '{"name":"WriteTimeout","duration":"30s"} @ cmd/server/main.go:34',
    'api.env.OPENAI_API_KEY': 'secret, required @ cmd/server/main.go:22',
    'api.env.DATABASE_URL': 'secret, required @ cmd/server/main.go:26',
    'api.env.PORT': 'default 8443 @ cmd/server/main.go:18',
    'api.env.ONLY_IN_TESTS': 'none',
    'api.usesDatabase': 'postgres @ internal/store/store.go:6',
    'database.urlEnv': 'DATABASE_URL @ cmd/server/main.go:26',
    'worker.kind': '~worker @ cmd/worker/main.go:5',
    'nightly-report.kind': '~job @ cmd/nightly-report/main.go:5',
    'services.3': 'none',
  },
  'go-chi-groups': {
    'api.framework': 'chi @ api/api.go:7',
    'api.version': '1.24 @ go.mod:5',
    'api.build.main': '. @ main.go:12',
    'api.port': '8088 @ main.go:26',
    'api.portEnv': '{"name":"LISTEN_ADDR","form":"0.0.0.0:${port}"} @ main.go:26',
    'api.metrics': '{"port":9091,"path":"/metrics"} @ main.go:25',
    'api.routes.GET /api/v1/chat/stream': '{"method":"GET","path":"/api/v1/chat/stream"} @ main.go:17',
    'api.routes.POST /api/v1/chat': '{"method":"POST","path":"/api/v1/chat"} @ main.go:18',
    'api.routes.GET /api/models': '{"method":"GET","path":"/api/models"} @ api/api.go:11',
    'api.health.live': '/internal/live @ main.go:31',
    'api.health.ready': '/internal/ready @ main.go:32',
    'api.stream': '{"kind":"sse","paths":["/api/v1/chat/stream"]} @ main.go:17',
    'api.limits.body': '4Mi @ api/api.go:17',
    'api.cors': '["https://chat.acme.io"] @ main.go:14',
  },
  'go-gin-constants': {
    'api.framework': 'gin @ chat.go:3',
    'api.port': '7070 @ config/config.go:10 config/config.go:19 main.go:18',
    'api.portEnv': '{"name":"APP_PORT","form":"${port}"} @ config/config.go:19',
    'api.routes.POST /api/chat': '{"method":"POST","path":"/api/chat"} @ chat.go:6',
    'api.stream': '{"kind":"sse","paths":["/api/chat/stream"]} @ chat.go:7',
    'api.health.live': '/api/health/live @ main.go:14',
    'api.health.ready': '/api/health/ready @ main.go:15',
  },
  'go-flags-grpc': {
    'api.port': '8081 @ main.go:13 main.go:34',
    'api.portEnv': 'none',
    'api.portFlag': '{"name":"-addr","form":":${port}"} @ main.go:13',
    'api.grpc':
      '{"port":50052,"service":"mcp.v1.MCPService"} @ main.go:19 main.go:24 main.go:29 proto/mcp.proto:5',
    'api.health.live': '/livez @ main.go:32',
    'api.health.ready': '/readyz @ main.go:33',
    'api.health.command': '["/mcp","-healthcheck"] @ main.go:18',
  },
  // Two packages, a type Server with a method Start in each.
  'go-twin-types': {
    'api.port': '8080 @ main.go:14',
    'api.portEnv': '{"name":"HTTP_ADDR","form":":${port}"} @ main.go:14',
    'api.grpc':
      '{"port":50051,"portEnv":{"name":"GRPC_ADDR","form":":${port}"}} @ main.go:13 grpcapi/server.go:14',
    'api.health.live': '/healthz @ httpapi/server.go:9',
  },
  // Two types with a method Listen, called by way of an interface.
  'go-interfaces': {
    'api.port': '8080 @ main.go:24',
    'api.health.live': '/healthz @ main.go:22',
  },
};

describe('Go', () => {
  test.each(Object.entries(cases))('%s', async (name, facts) => {
    await expectFacts(fixture(name), facts);
  });

  test('a further port is told with its place', async () => {
    const { notes } = await expectFacts(fixture('go-interfaces'), {});
    const note = notes.find(({ message }) => message === 'listens on a further port, 9090');
    expect(note?.evidence?.map(({ file, line }) => `${file}:${line}`)).toEqual(['main.go:25', 'main.go:18']);
  });

  test('a liveness route that pings the database is told, with both places', async () => {
    const { notes } = await expectFacts(fixture('go-several-mains'), {});
    const note = notes.find(({ message }) => message.includes('touches the database'));
    expect(note?.evidence?.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'cmd/server/main.go:28',
      'cmd/server/main.go:29',
    ]);
    expect(notes.some(({ message }) => message.startsWith('WriteTimeout 30s cuts every stream'))).toBe(true);
  });

  test('go.mod is read without the go command', () => {
    const text =
      'module "example.com/a" // comment\ngo 1.25rc1\ntoolchain go1.25.3\nrequire (\n  a.b/c v1 // indirect\n)\nrequire d.e/f v2\n';
    expect(parseGoMod('x/go.mod', text)).toMatchObject({
      dir: 'x',
      path: 'example.com/a',
      toolchain: { value: '1.25.3', line: 3 },
      requires: ['a.b/c', 'd.e/f'],
      reachesOut: false,
    });
  });
});

describe('the real Go services', () => {
  test('go', async () => {
    const detection = await expectFacts(realService('go'), {
      'api.build.main': './cmd/server @ cmd/server/main.go:32',
      'api.port': '8080 @ internal/config/config.go:44 cmd/server/main.go:69',
      'api.portEnv': '{"name":"PORT","form":"${port}"} @ internal/config/config.go:44',
      'api.metrics':
        '{"port":9090,"path":"/metrics","portEnv":{"name":"METRICS_PORT","form":"${port}"}} @ internal/config/config.go:45 cmd/server/main.go:63',
      'api.health.live': '/health/live @ cmd/server/main.go:80',
      'api.health.ready': '/health/ready @ cmd/server/main.go:81',
      'api.health.startup': '/health/startup @ cmd/server/main.go:82',
      'api.health.deep': '/health/deep @ cmd/server/main.go:83',
      'api.health.command': '["/server","health"] @ cmd/server/main.go:38',
      'api.stream':
        '{"kind":"sse","paths":["/api/chat/stream"],"maxDuration":"5m","heartbeat":"15s","idle":"60s"} @ cmd/server/main.go:89 cmd/server/main.go:90',
      'api.timeouts.drain': '30s @ internal/config/config.go:55',
      'api.timeouts.llm': '~45s @ internal/config/config.go:49',
      'api.timeouts.request': '~60s @ internal/config/config.go:48',
      'api.limits.body': '1Mi @ internal/config/config.go:56',
      'api.env.LLM_API_KEY': 'secret @ internal/config/config.go:60',
      'worker.kind': '~worker @ cmd/worker/main.go:18',
      'job.kind': '~job @ cmd/job/main.go:19',
    });
    expect(detection.notes).toEqual([]);
  });

  test('go-postgres', async () => {
    await expectFacts(realService('go-postgres'), {
      'api.build.main': './cmd/server @ cmd/server/main.go:28',
      'api.build.binaries.0': './cmd/agent @ cmd/agent/main.go:27',
      'api.port': '8080 @ internal/config/config.go:41',
      'api.metrics': '{"path":"/metrics"} @ cmd/server/routes.go:63',
      'api.health.command': '["/server","health"] @ cmd/server/main.go:45',
      'api.usesDatabase': 'postgres @ cmd/server/main.go:12',
      'database.urlEnv': 'DATABASE_URL @ internal/config/config.go:42',
      'database.migrations.command': '["/server","migrate"]',
      'database.migrations.table': 'schema_migrations',
      'database.migrations.run': 'command',
      'services.1': 'none',
    });
  });

  test('multi-service', async () => {
    const detection = await expectFacts(realService('multi-service'), {
      'orchestrator.build.main': './cmd/orchestrator @ cmd/orchestrator/main.go:36',
      'orchestrator.port': '8080 @ cmd/orchestrator/main.go:38',
      'orchestrator.grpc': 'none',
      'tools.build.main': './cmd/tools @ cmd/tools/main.go:29',
      'tools.port': '8081 @ cmd/tools/main.go:31',
      'tools.grpc':
        '{"port":50051,"service":"assistant.v1.Tools","portEnv":{"name":"GRPC_PORT","form":"${port}"}}',
      'tools.health.command': '["/tools","health"] @ cmd/tools/main.go:38',
    });
    expect(detection.notes.map(({ message }) => message.replace(/ unless.*/, ''))).toEqual([
      'OLLAMA_URL is http://localhost:11434',
      'TOOLS_ADDRESS is localhost:50051',
    ]);
  });
});
