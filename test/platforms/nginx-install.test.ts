/** install.sh on a host of its own: namespaces with the paths and ports of a real one, and Debian's nginx. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { buildModel } from '../../src/model/build.ts';
import { createEngine } from '../../src/render/engine.ts';
import { nginx } from '../../src/targets/nginx/index.ts';
import { cleanUp, temporaryFolder } from '../services/programs.ts';

const run = promisify(execFile);
afterAll(cleanUp);

const CONFIGURATION = `
version: 1
name: site
domain: site.example.com
services:
  api:
    language: node
    build: {main: server.js}
    port: 8080
    health: {live: /health/live, ready: /health/ready}
    stream: {kind: sse, paths: [/stream], maxDuration: 5m}
    public: true
targets:
  nginx: {}
`;

/** As certbot does it: a challenge that is fetched by name over port 80, then files below /etc/letsencrypt. */
const CERTBOT = `#!/bin/bash
set -euo pipefail
[ "$*" = "certonly --webroot --webroot-path /var/www/site-acme --domain site.example.com --cert-name site.example.com \
--email ops@example.com --agree-tos --no-eff-email --non-interactive" ] || { echo "unexpected: $*"; exit 2; }
echo answer >/var/www/site-acme/.well-known/acme-challenge/token
[ "$(curl -sf --retry 5 --retry-all-errors --resolve site.example.com:80:127.0.0.1 \
  http://site.example.com/.well-known/acme-challenge/token)" = answer ]
mkdir -p /etc/letsencrypt/live/site.example.com
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=site.example.com \
  -out /etc/letsencrypt/live/site.example.com/fullchain.pem -keyout /etc/letsencrypt/live/site.example.com/privkey.pem 2>/dev/null
`;

/** A host: its own network, processes and folders, which end with the script. */
const HOST = `set -euo pipefail
ip link set lo up
for dir in /run /var/www /var/log/nginx; do mkdir -p "$dir"; mount -t tmpfs none "$dir"; done
mkdir -p /etc/letsencrypt; mount -t tmpfs none /etc/letsencrypt
cp -a /etc/nginx /run/nginx-of-debian; mount --bind /run/nginx-of-debian /etc/nginx
rm -f /etc/nginx/sites-enabled/*
PATH=$PWD/bin:$PATH
https() { curl -sk -o /dev/null -w '%{http_code}' --noproxy '*' --resolve site.example.com:443:127.0.0.1 https://site.example.com/ || true; }
state() { (cd /etc/nginx && find . -type f -o -type l | sort | xargs md5sum); cat /etc/letsencrypt/renewal-hooks/deploy/*; }
install() { deploy/nginx/install.sh 2>&1 && echo "exit 0" || echo "exit $?"; }
`;

let dir = '';
beforeAll(async () => {
  dir = await temporaryFolder('aideploy-install-');
  const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(CONFIGURATION)));
  mkdirSync(join(dir, 'deploy/nginx'), { recursive: true });
  mkdirSync(join(dir, 'bin'));
  for (const { path, content, mode } of nginx.render(model, await createEngine()))
    writeFileSync(join(dir, path), content, { mode: mode ?? 0o644 });
  writeFileSync(join(dir, 'bin/certbot'), CERTBOT);
  chmodSync(join(dir, 'bin/certbot'), 0o755);
});

async function onHost(script: string): Promise<string> {
  const flags = ['--mount', '--net', '--pid', '--fork', '--mount-proc', '--kill-child'];
  const { stdout, stderr } = await run('unshare', [...flags, 'bash', '-c', `${HOST}${script}`], {
    cwd: dir,
  }).catch(error => error as { stdout: string; stderr: string });
  return stdout + stderr;
}

it('without a certificate only the challenge is answered, and what to do is said', async () => {
  const said = await onHost('install; https; ls /etc/nginx/sites-enabled');
  expect(said).toContain(
    'certbot certonly --webroot --webroot-path /var/www/site-acme --domain site.example.com --cert-name site.example.com',
  );
  expect(said).toMatch(/exit 1\n000site-acme\.conf\n$/);
});

it('fetches the first certificate, serves, and changes nothing when it is run again', async () => {
  const said = await onHost(`export CERTBOT_EMAIL=ops@example.com
    install; https; echo; state >before; install; state >after; cmp before after && echo same
    ls /etc/nginx/sites-enabled; cat /etc/nginx/modules-enabled/90-worker-shutdown.conf
    /etc/letsencrypt/renewal-hooks/deploy/site-nginx && echo reloaded; https`);
  expect(said).toContain('site: https://site.example.com/ is served\nexit 0\n502\n');
  expect(said).toContain('exit 0\nsame\nsite.conf\n');
  expect(said).toContain('worker_shutdown_timeout 305s;');
  expect(said).toMatch(/reloaded\n502/);
});

it('puts the former site back when nginx refuses the next', async () => {
  const said = await onHost(`export CERTBOT_EMAIL=ops@example.com
    install >/dev/null; state >before; cp -r deploy next; echo 'nonsense;' >>next/nginx/site.conf
    next/nginx/install.sh 2>&1 || echo "exit $?"; state >after; cmp before after && echo same; nginx -t -q && https; rm -r next`);
  expect(said).toContain('unknown directive "nonsense"');
  expect(said).toMatch(/nginx refuses site\.conf .*\nexit 1\nsame\n502$/);
});

it('works with the layout of nginx.org, and leaves a longer shutdown alone', async () => {
  const said = await onHost(`export CERTBOT_EMAIL=ops@example.com
    rm -r /etc/nginx/sites-*; sed -i '/sites-enabled/d' /etc/nginx/nginx.conf
    echo 'worker_shutdown_timeout 3600s;' >/etc/nginx/modules-enabled/90-worker-shutdown.conf
    install; https; ls /etc/nginx/conf.d; cat /etc/nginx/modules-enabled/90-worker-shutdown.conf`);
  expect(said).toMatch(/exit 0\n502site\.conf\nworker_shutdown_timeout 3600s;\n$/);
});
