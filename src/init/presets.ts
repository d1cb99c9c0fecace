/** Starting points for a repository that has nothing to read yet, in the words of aideploy.yaml. */
export type Preset = keyof typeof PRESETS;

const health = { live: '/health/live', ready: '/health/ready' };
const sse = { kind: 'sse', paths: ['/api/chat/stream'], maxDuration: '5m' };
const smoke = [
  {
    name: 'chat',
    method: 'POST',
    path: '/api/chat',
    json: { message: 'Hello' },
    expect: { status: 200 },
    within: '30s',
    paid: true,
  },
];
const api = {
  health,
  stream: sse,
  timeouts: { request: '60s', llm: '45s' },
  env: { PORT: '${port}' },
  public: true,
  smoke,
};
const targets = { docker: {}, compose: {} };

const go = {
  language: 'go',
  version: '1.26',
  build: { main: './cmd/server' },
  port: 8080,
  metrics: { path: '/metrics' },
  ...api,
  health: { ...health, command: ['/server', 'health'] },
  secrets: ['OPENAI_API_KEY'],
  egress: ['api.openai.com:443'],
};

const python = {
  language: 'python',
  version: '3.13',
  build: { main: 'app.main:app', manifest: 'requirements.txt' },
  port: 8000,
  metrics: { path: '/metrics' },
  ...api,
  workers: { load: 'io' },
  secrets: ['ANTHROPIC_API_KEY'],
  egress: ['api.anthropic.com:443'],
};

const node = {
  language: 'node',
  version: '24',
  build: { main: 'src/server.js' },
  port: 3000,
  metrics: { path: '/metrics' },
  ...api,
  secrets: ['OPENAI_API_KEY'],
  egress: ['api.openai.com:443'],
};

const mcp = {
  language: 'go',
  version: '1.26',
  build: { main: './cmd/mcp-server' },
  port: 8081,
  grpc: { port: 50051, service: 'mcp.MCPService' },
  health: { ...health, command: ['/mcp-server', 'health'] },
  env: { PORT: '${port}', GRPC_PORT: '${grpc.port}' },
};

const ollama = {
  image: 'ollama/ollama:0.12.6',
  port: 11434,
  health: { live: '/', ready: '/api/tags', command: ['ollama', 'list'] },
  env: { OLLAMA_MODELS: '/models', HOME: '/models' },
  volumes: [{ name: 'models', path: '/models', size: '20Gi' }],
  resources: { memory: { limit: '8Gi' } },
};

const { public: _, ...postgresApi } = go;

export const PRESETS = {
  'go-api': { version: 1, services: { api: go }, targets },
  'python-asgi': { version: 1, services: { api: python }, targets },
  'node-api': { version: 1, services: { api: node }, targets },
  'go-postgres': {
    version: 1,
    services: {
      api: {
        ...postgresApi,
        secrets: [...go.secrets, { name: 'DATABASE_URL', from: 'database' }],
        dependsOn: ['db'],
        public: true,
      },
    },
    database: {
      version: '15',
      name: 'app',
      user: 'app_user',
      owner: 'app_owner',
      migrations: { run: 'command', command: ['/server', 'migrate'] },
    },
    targets,
  },
  'multi-service': {
    version: 1,
    services: {
      api: {
        ...go,
        env: { ...go.env, MCP_ADDRESS: '${services.mcp.grpc}', OLLAMA_URL: '${services.ollama.url}' },
        dependsOn: ['mcp', 'ollama'],
      },
      mcp,
      ollama,
    },
    targets,
  },
} as const;

export const PRESET_NAMES = Object.keys(PRESETS) as Preset[];
