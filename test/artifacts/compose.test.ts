import { describe, expect, test } from 'vitest';
import { factsIn } from './facts.ts';

const service = (lines: string) => ({ 'compose.yaml': `services:\n  a:\n    image: a:1\n${lines}` });

describe('facts of compose', () => {
  test.each<[string, string, unknown[]]>([
    ['"80"', 'port.published', []],
    ['"8080:80"', 'port.published', [{ port: 8080, target: 80 }]],
    ['"127.0.0.1:8080:80"', 'port.published', [{ port: 8080, target: 80, host: '127.0.0.1' }]],
    ['"[::1]:8080:80/tcp"', 'port.published', [{ port: 8080, target: 80, host: '[::1]' }]],
    ['"127.0.0.1::80"', 'port.published', []],
    ['"8080:80/udp"', 'port.published', []],
    [
      '"8080-8081:80-81"',
      'port.published',
      [
        { port: 8080, target: 80 },
        { port: 8081, target: 81 },
      ],
    ],
    ['"${P:-9000}:80"', 'port.published', [{ port: 9000, target: 80 }]],
    ['"${P}:80"', 'port.published', []],
    [
      '{target: 80, published: "8080", host_ip: 127.0.0.1}',
      'port.published',
      [{ port: 8080, target: 80, host: '127.0.0.1' }],
    ],
  ])('port %s', async (port, kind, expected) => {
    expect(await factsIn(service(`    ports: [${port}]\n`), kind)).toEqual(expected);
  });

  test.each<[string, string, unknown[]]>([
    [
      '    volumes: ["data:/data"]\n',
      'volume',
      [{ kind: 'volume', source: 'data', target: '/data', readOnly: false }],
    ],
    [
      '    volumes: ["./a:/data:ro,z"]\n',
      'volume',
      [{ kind: 'bind', source: './a', target: '/data', readOnly: true }],
    ],
    ['    volumes: ["/data"]\n', 'volume', [{ kind: 'volume', target: '/data', readOnly: false }]],
    ['    tmpfs: /tmp:size=10m\n', 'volume', [{ kind: 'scratch', target: '/tmp', readOnly: false }]],
    ['    stop_grace_period: 1m30s\n', 'stop.budget', [90_000]],
    ['    stop_grace_period: 90\n', 'stop.budget', [10_000]],
    ['    mem_limit: 512m\n', 'memory.limit', [536_870_912]],
    ['    deploy: {resources: {limits: {memory: 1g, cpus: "0.5"}}}\n', 'cpu.limit', [500]],
    [
      '    environment: [A=1, B, "C=x=y"]\n',
      'env',
      [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'C', value: 'x=y' }],
    ],
    [
      '    environment: {A: 1, B: null, C: "${D:-e}", F: "a$$b"}\n',
      'env',
      [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'C', value: 'e' }, { name: 'F', value: 'a$b' }],
    ],
    [
      '    command: serve --port 80\n',
      'command',
      [{ words: ['serve', '--port', '80'], shell: false, replaces: 'arguments' }],
    ],
    ['    healthcheck: {test: [NONE]}\n', 'health', []],
    [
      '    healthcheck: {test: curl -f http://localhost, timeout: 3s}\n',
      'health',
      [{ role: 'container', command: ['sh', '-c', 'curl -f http://localhost'], timeout: 3_000 }],
    ],
  ])('%s', async (lines, kind, expected) => {
    expect(await factsIn(service(lines), kind)).toEqual(expected);
  });
});

describe('layers of compose', () => {
  test('what extends, includes and overrides is one service, the last word last', async () => {
    const files = {
      'compose.yaml':
        'include: [db.yaml]\nservices:\n  a: {extends: {service: base}, stop_grace_period: 20s}\n  base: {image: "b:1", stop_grace_period: 5s, environment: {A: base}}\n',
      'compose.override.yaml': 'services:\n  a: {environment: {A: override}}\n',
      'db.yaml': 'services:\n  db: {image: "postgres:16"}\n',
    };
    expect(await factsIn(files, 'stop.budget', 'a', 'compose.override.yaml')).toEqual(
      [10_000, 5_000, 20_000].slice(1),
    );
    expect(await factsIn(files, 'env', 'a', 'compose.override.yaml')).toEqual([
      { name: 'A', value: 'base' },
      { name: 'A', value: 'override' },
    ]);
    expect(await factsIn(files, 'image', 'db', 'compose.yaml')).toEqual([
      { raw: 'postgres:16', repository: 'postgres', tag: '16' },
    ]);
  });

  test.each<[string, unknown[]]>([
    [
      '["9090:90"]',
      [
        { port: 8080, target: 80 },
        { port: 9090, target: 90 },
      ],
    ],
    ['!override ["9090:90"]', [{ port: 9090, target: 90 }]],
    ['!reset []', []],
    ['!reset null', []],
  ])('over ports stands %s', async (ports, expected) => {
    const files = {
      'compose.yaml': 'services:\n  a: {image: "a:1", ports: ["8080:80"]}\n',
      'compose.override.yaml': `services:\n  a:\n    ports: ${ports}\n`,
    };
    expect(await factsIn(files, 'port.published', 'a', 'compose.override.yaml')).toEqual(expected);
  });

  test('a circle of extends ends', async () => {
    const files = { 'compose.yaml': 'services:\n  a: {extends: b, image: "a:1"}\n  b: {extends: a}\n' };
    expect(await factsIn(files, 'image', 'a')).toContainEqual({ raw: 'a:1', repository: 'a', tag: '1' });
  });
});
