/** Compose files and workflows with one mistake each, and others that look like one; test/judges/schemas.test.ts asks their programs. */

export interface Sample {
  readonly name: string;
  readonly text: string;
  /** What is said of it; of a sound one nothing. */
  readonly says?: string;
}

const COMPOSE = `services:
  api:
    image: registry.example/api:1.4.2
    restart: unless-stopped
    environment:
      LOG_LEVEL: info
    ports:
      - "127.0.0.1:8080:8080"
    depends_on:
      db:
        condition: service_healthy
    deploy:
      resources:
        limits:
          memory: 512M
  db:
    image: postgres:16.4
    healthcheck:
      test: [CMD, pg_isready]
      interval: 10s
volumes:
  data: {}
`;

const WORKFLOW = `name: ci
on: [push]
permissions:
  contents: read
concurrency:
  group: ci
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    env:
      RETRIES: 3
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with:
          fetch-depth: 0
      - name: Test
        run: npm test
`;

const change =
  (base: string) =>
  (from: string, to: string, says?: string): Sample => {
    if (base.split(from).length < 2) throw new Error(`there is no ${from}`);
    const text = base.replace(from, to);
    return { name: says ?? to.trim(), text, ...(says ? { says } : {}) };
  };
const compose = change(COMPOSE);
const workflow = change(WORKFLOW);

export const BROKEN_COMPOSE: readonly Sample[] = [
  compose('image: registry', 'imgae: registry', 'no key imgae is known in services.api (image?)'),
  compose('services:\n', 'service: {}\nservices:\n', 'no key service is known (services?)'),
  compose('    environment:', '    enviroment:', 'no key enviroment is known in services.api (environment?)'),
  compose(
    '          memory: 512M',
    '          memory: 512M\n          cpu: 1',
    'no key cpu is known in services.api.deploy.resources.limits',
  ),
  compose(
    '    restart: unless-stopped',
    '    limits:\n      memory: 1G',
    'no key limits is known in services.api',
  ),
  compose(
    'test: [CMD, pg_isready]',
    'command: pg_isready',
    'no key command is known in services.db.healthcheck',
  ),
  compose(
    'condition: service_healthy',
    'condition: healthy',
    'services.api.depends_on.db.condition is "healthy", not service_started, service_healthy or service_completed_successfully',
  ),
  compose('condition: service_healthy', 'restart: true', 'services.api.depends_on.db lacks condition'),
  compose(
    '    ports:\n      - "127.0.0.1:8080:8080"',
    '    ports: "8080:8080"',
    'services.api.ports is the string "8080:8080", not a list',
  ),
  compose('image: postgres:16.4', 'image: [postgres]', 'services.db.image is a list, not a string'),
  compose(
    '    restart: unless-stopped',
    '    pull_policy: sometimes',
    'services.api.pull_policy is "sometimes", which does not match',
  ),
  compose('  data: {}', '  data:\n    drivers: local', 'no key drivers is known in volumes.data'),
  compose('LOG_LEVEL: info', 'LOG_LEVEL: [info]', 'services.api.environment.LOG_LEVEL is a list, not'),
  compose('  db:\n    image', '  "my db":\n    image', 'no key my db is known in services'),
];

export const SOUND_COMPOSE: readonly Sample[] = [
  { name: 'as it is', text: COMPOSE },
  compose('services:\n', 'x-logging: &logging {driver: local}\nservices:\n'),
  compose('    restart: unless-stopped', '    restart: "no"\n    x-note: anything\n    scale: 2'),
  compose('memory: 512M', 'memory: ${MEMORY:-512M}\n          cpus: "0.5"'),
  compose(
    '    restart: unless-stopped',
    '    privileged: "${PRIVILEGED:-false}"\n    init: true\n    stop_grace_period: 30s',
  ),
  compose('- "127.0.0.1:8080:8080"', '- target: 8080\n        published: "8080"\n        host_ip: 127.0.0.1'),
  compose('LOG_LEVEL: info', 'LOG_LEVEL:\n      PORT: 8080\n      DEBUG: true'),
  compose('  data: {}', '  data:'),
  compose(
    '    environment:\n      LOG_LEVEL: info',
    '    environment:\n      - LOG_LEVEL=info\n    shm_size: 64m',
  ),
  compose(
    '    restart: unless-stopped',
    '    develop:\n      watch:\n        - {action: sync, path: ./src, target: /app}',
  ),
];

export const BROKEN_WORKFLOW: readonly Sample[] = [
  workflow(
    'runs-on: ubuntu-24.04',
    'run-on: ubuntu-24.04',
    'no key run-on is known in jobs.test, which lacks runs-on (runs-on?)',
  ),
  workflow('    runs-on: ubuntu-24.04\n', '', 'jobs.test lacks runs-on'),
  workflow('run: npm test', 'runs: npm test', 'no key runs is known in jobs.test.steps[1]'),
  workflow(
    '        run: npm test',
    '        run: npm test\n        timeout: 5',
    'no key timeout is known in jobs.test.steps[1] (timeout-minutes?)',
  ),
  workflow(
    '        run: npm test',
    '        run: npm test\n        uses: actions/cache@v4',
    'jobs.test.steps[1] has uses and run',
  ),
  workflow('        run: npm test\n', '', 'jobs.test.steps[1] lacks uses, run'),
  workflow(
    'timeout-minutes: 10',
    'timeout-minutes: soon',
    'jobs.test.timeout-minutes is the string "soon", not a number',
  ),
  workflow('contents: read', 'content: read', 'no key content is known in permissions (contents?)'),
  workflow('contents: read', 'contents: readonly', 'permissions.contents is "readonly", not'),
  workflow('  group: ci', '  cancel-in-progress: true', 'concurrency lacks group'),
  workflow('    steps:\n', '    step:\n', 'no key step is known in jobs.test (steps?)'),
  workflow('name: ci', 'nane: ci', 'no key nane is known (name?)'),
  workflow('  test:\n', '  "test all":\n', 'no key test all is known in jobs'),
  workflow('    env:\n      RETRIES: 3', '    env: [RETRIES]', 'jobs.test.env is a list, not a mapping'),
];

export const SOUND_WORKFLOW: readonly Sample[] = [
  { name: 'as it is', text: WORKFLOW },
  workflow('name: ci', 'name: 1.0'),
  workflow('timeout-minutes: 10', 'timeout-minutes: ${{ fromJSON(vars.MINUTES) }}'),
  workflow('runs-on: ubuntu-24.04', 'runs-on: [self-hosted, linux]'),
  workflow('runs-on: ubuntu-24.04', 'runs-on: {group: large, labels: linux}'),
  workflow('permissions:\n  contents: read', 'permissions: {}'),
  workflow('permissions:\n  contents: read', 'permissions: read-all'),
  workflow(
    '    env:\n      RETRIES: 3\n',
    '    strategy:\n      fail-fast: false\n      matrix:\n        node: [20, 22]\n        include:\n          - {node: 24, extra: true}\n',
  ),
  workflow(
    '    env:\n      RETRIES: 3\n',
    "    environment: production\n    if: github.ref == 'refs/heads/main'\n    outputs:\n      tag: ${{ github.sha }}\n",
  ),
  workflow(
    '    env:\n      RETRIES: 3\n',
    '    services:\n      db:\n        image: postgres:16\n        ports: [5432:5432]\n        options: --health-cmd pg_isready\n    container: node:20\n',
  ),
  workflow(
    '        run: npm test',
    '        run: npm test\n        shell: bash -e {0}\n        working-directory: app\n        continue-on-error: true\n        if: ${{ success() }}',
  ),
  workflow('concurrency:\n  group: ci\n', 'concurrency: ci-${{ github.ref }}\n'),
  workflow('  group: ci\n', "  group: ci\n  cancel-in-progress: ${{ github.ref != 'refs/heads/main' }}\n"),
  workflow(
    'jobs:\n',
    'defaults:\n  run:\n    shell: bash\njobs:\n  call:\n    uses: ./.github/workflows/build.yml\n    with: {tag: 1}\n    secrets: inherit\n',
  ),
];
