import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { buildModel } from '../../../src/model/build.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { nginx } from '../../../src/targets/nginx/index.ts';

const engine = await createEngine();

interface Parts {
  domain?: string;
  service?: string;
  nginx?: string;
  environments?: string;
  targets?: string;
}

function site(
  {
    domain = 'a.example.com',
    service = 'public: true',
    nginx: own = '{}',
    environments = '{}',
    targets = '',
  }: Parts,
  environment?: string,
) {
  const project = loadConfig(
    'aideploy.yaml',
    Buffer.from(`
version: 1
name: site
${domain && `domain: ${domain}`}
services:
  api:
    language: node
    build: {main: server.js}
    port: 8080
    health: {live: /health/live, ready: /health/ready}
    ${service}
targets: {nginx: ${own}, ${targets}}
environments: ${environments}
`),
  );
  const files = nginx.render(buildModel(project, environment), engine);
  return { files, conf: files[0]?.content ?? '', install: files.at(-1)?.content ?? '' };
}

test('without a domain or a public service it says what is missing', () => {
  expect(() => site({ domain: '', service: '' })).toThrow(
    'it serves a domain; add `domain: chat.example.com`',
  );
  expect(() => site({ service: 'public: false' })).toThrow(
    'no service of it is public; add `public: true` to one',
  );
});

describe('the certificate', () => {
  const staging = '{staging: {domain: b.example.com}}';
  const written = (path: string, acme = true) =>
    `{certificate: "${path}/fullchain.pem", key: "${path}/privkey.pem", acme: ${acme}}`;

  test.each<[string, Parts, string | undefined, string]>([
    ['is certbot’s for the domain', {}, undefined, '/etc/letsencrypt/live/a.example.com'],
    [
      'is that of the environment’s domain',
      { environments: staging },
      'staging',
      '/etc/letsencrypt/live/b.example.com',
    ],
    [
      'stays where it was put',
      { nginx: written('/etc/ssl/own'), environments: staging },
      'staging',
      '/etc/ssl/own',
    ],
    [
      'has the domain in its path',
      { nginx: written('/etc/ssl/${domain}'), environments: staging },
      'staging',
      '/etc/ssl/b.example.com',
    ],
    [
      'of certbot keeps the name that it was given',
      { nginx: written('/etc/letsencrypt/live/other') },
      undefined,
      '/etc/letsencrypt/live/other',
    ],
    [
      'of certbot follows the domain of an environment',
      { nginx: written('/etc/letsencrypt/live/a.example.com'), environments: staging },
      'staging',
      '/etc/letsencrypt/live/b.example.com',
    ],
    [
      'may hold many names where no challenge is answered here',
      { nginx: written('/etc/letsencrypt/live/example.com', false), environments: staging },
      'staging',
      '/etc/letsencrypt/live/example.com',
    ],
  ])('%s', (_, parts, environment, folder) => {
    const { conf, install } = site(parts, environment);
    expect(conf).toContain(
      `ssl_certificate ${folder}/fullchain.pem;\n    ssl_certificate_key ${folder}/privkey.pem;`,
    );
    expect(install).toContain(`certificate=${folder}/fullchain.pem\nkey=${folder}/privkey.pem\n`);
  });

  test('that cannot be said is refused, since nginx would read a variable', () => {
    expect(() => site({ nginx: written('/etc/$HOME') })).toThrow('a dollar sign begins a variable');
  });
});

test.each([
  ['1.22', false],
  ['1.25', false],
  ['1.25.0', false],
  ['1.25.1', true],
  ['1.26', true],
  ['1.30.2', true],
  ['2.0', true],
])('nginx %s has a directive http2: %s', (version, directive) => {
  const { conf } = site({ nginx: `{version: "${version}"}` });
  expect(conf.includes('    listen 443 ssl;\n    listen [::]:443 ssl;\n    http2 on;\n')).toBe(directive);
  expect(conf.includes('    listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n')).toBe(!directive);
});

test.each([
  ['a.example.com', '{}', 'max-age=31536000; includeSubDomains'],
  ['example.com', '{}', 'max-age=31536000'],
  ['example.com', '{hsts: subdomains}', 'max-age=31536000; includeSubDomains'],
  ['a.example.com', '{hsts: host}', 'max-age=31536000'],
  ['a.example.com', '{hsts: "off"}', undefined],
])('HSTS of %s with %s is %s', (domain, own, expected) => {
  const found = /add_header Strict-Transport-Security "?([^"]*?)"? always;/.exec(
    site({ domain, nginx: own }).conf,
  );
  expect(found?.[1]).toBe(expected);
});

test.each([
  ['rps: 100', 'rate=100r/s;', 'burst=100 nodelay;'],
  ['rps: 2.5', 'rate=150r/m;', 'burst=3 nodelay;'],
  ['rps: 0.001', 'rate=1r/m;', 'burst=1 nodelay;'],
  ['body: 1Mi', 'client_max_body_size 1m;', 'client_body_buffer_size 1m;'],
  ['body: 10M', 'client_max_body_size 10000000;', 'proxy_request_buffering off;'],
  ['body: 1500B', 'client_max_body_size 1500;', 'client_max_body_size 1500;'],
  [
    'concurrency: 7',
    'limit_conn_zone $server_name zone=site_api_active:1m;',
    'limit_conn site_api_active 7;',
  ],
])('a limit of %s', (limit, ...lines) => {
  const { conf } = site({ service: `public: true\n    limits: {${limit}}` });
  for (const line of lines) expect(conf).toContain(line);
});

test('keeps connections for a shorter time than the service, and reads for longer than it works', () => {
  const { conf } = site({ service: 'public: true\n    timeouts: {request: 90s}' });
  expect(conf).toContain('    keepalive_timeout 60s;');
  expect(conf).toContain('proxy_read_timeout 95s;');
});

test('says that compose puts several copies out of its reach', () => {
  const service = 'public: true\n    scale: {replicas: 3}';
  expect(site({ service, targets: 'compose: {}' }).conf).toContain('# Compose publishes the copies of api');
  expect(site({ service, targets: 'compose: {}, systemd: {}' }).conf).not.toContain('Compose');
});

test('IPv6, ACME and proxies before it are settings', () => {
  const { conf, files } = site({ nginx: '{ipv6: false, acme: false, trustedProxies: [10.0.0.0/8]}' });
  expect(conf).not.toContain('[::]');
  expect(conf).not.toContain('acme');
  expect(conf).toContain(
    'set_real_ip_from 10.0.0.0/8;\n    real_ip_header X-Forwarded-For;\n    real_ip_recursive on;',
  );
  expect(files.map(({ path }) => path)).toEqual(['deploy/nginx/site.conf', 'deploy/nginx/install.sh']);
});
