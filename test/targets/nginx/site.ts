/** A real nginx on loopback, with a site as it is rendered: only its ports, certificates, logs and webroot are the test's. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '../../../src/config/load.ts';
import { buildModel } from '../../../src/model/build.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { nginx } from '../../../src/targets/nginx/index.ts';
import { freePort } from '../../services/ports.ts';
import { type Program, run, start, temporaryFolder, until } from '../../services/programs.ts';
import { Visitor } from './visitor.ts';

export { textOf } from './visitor.ts';

export class Site extends Visitor {
  readonly dir: string;
  readonly ports: { readonly http: number; readonly https: number };
  readonly name: string;
  readonly #program: Program;

  private constructor(name: string, domain: string, dir: string, ports: Site['ports'], program: Program) {
    super('127.0.0.1', ports.https, domain, () => readFileSync(join(dir, 'cert.pem')));
    this.name = name;
    this.dir = dir;
    this.ports = ports;
    this.#program = program;
  }

  /** Starts nginx for the site of a configuration; `cleanUp` of the services' programs ends it. */
  static async start(yaml: string): Promise<Site> {
    const model = buildModel(loadConfig('aideploy.yaml', Buffer.from(yaml)));
    const { domain = '', name } = model;
    const files = nginx.render(model, await createEngine());
    const site = files.find(({ path }) => path.endsWith(`/${name}.conf`));
    const drain = files.find(({ path }) => path.endsWith('/drain.sh'));
    const dir = await temporaryFolder('aideploy-nginx-');
    const ports = { http: await freePort(), https: await freePort() };
    certificate(dir, domain);
    writeFileSync(join(dir, 'site.conf'), adapted(site?.content ?? '', dir, ports));
    writeFileSync(join(dir, 'nginx.conf'), main(dir));
    if (drain) script(dir, drain.content);
    mkdirSync(join(dir, 'webroot/.well-known/acme-challenge'), { recursive: true });
    const program = start(['nginx', '-c', join(dir, 'nginx.conf'), '-g', 'daemon off;']);
    const proxy = new Site(name, domain, dir, ports, program);
    await proxy.answers();
    return proxy;
  }

  /** Waits until it accepts connections. */
  async answers(): Promise<void> {
    for (let i = 0; i < 1_200; i++) {
      const up = await this.get('/', { headers: { host: 'unknown.example' } }).then(
        () => true,
        () => false,
      );
      if (up) return;
      await sleep(50);
    }
    throw new Error(`nginx does not answer:\n${this.#program.output()}`);
  }

  /** Until those workers that had the former configuration take no new connections. */
  async reload(): Promise<void> {
    const { pid, signal } = this.#program;
    const former = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    signal('SIGHUP');
    await until(() => former.every(leaves), 'the former workers to leave');
  }

  /** Runs drain.sh; throws with what it said where it fails. */
  async drain(...words: string[]): Promise<void> {
    const env = { PATH: `${this.dir}/bin:${process.env['PATH']}` };
    await run([join(this.dir, 'drain.sh'), ...words], { env });
  }

  async stop(): Promise<void> {
    this.#program.signal('SIGQUIT');
    await this.#program.exit;
  }

  /** Everything that it ever logged. */
  logs(): { access: Record<string, unknown>[]; text: string } {
    const text = (name: string) => readFileSync(join(this.dir, name), 'utf8');
    const lines = text(`${this.name}.access.log`).split('\n').filter(Boolean);
    return {
      access: lines.map(line => JSON.parse(line) as Record<string, unknown>),
      text: lines.join('\n') + text(`${this.name}.error.log`) + text('error.log') + this.#program.output(),
    };
  }
}

/** As its title says; one that has ended has none. */
function leaves(worker: string): boolean {
  try {
    return !/^nginx: worker process\0*$/.test(readFileSync(`/proc/${worker}/cmdline`, 'utf8').trimEnd());
  } catch {
    return true;
  }
}

/** drain.sh, which is to find this nginx instead of the host's. */
function script(dir: string, text: string): void {
  const found = text
    .replaceAll(`/etc/nginx/sites-available/$name.conf`, `${dir}/site.conf`)
    .replaceAll('/run/systemd/system', `${dir}/no-systemd`)
    .replaceAll('/run/nginx.pid', `${dir}/nginx.pid`);
  writeFileSync(join(dir, 'drain.sh'), found, { mode: 0o755 });
  mkdirSync(join(dir, 'bin'));
  const wrapper = `#!/bin/sh\nexec /usr/sbin/nginx -c ${dir}/nginx.conf "$@"\n`;
  writeFileSync(join(dir, 'bin/nginx'), wrapper, { mode: 0o755 });
}

function certificate(dir: string, domain: string): void {
  const files = ['-keyout', join(dir, 'key.pem'), '-out', join(dir, 'cert.pem')];
  const names = ['-subj', '/CN=test', '-addext', `subjectAltName=DNS:${domain}`, '-days', '2'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...files, ...names], { stdio: 'ignore' });
}

function adapted(site: string, dir: string, ports: Site['ports']): string {
  return site
    .replaceAll(/^ *listen \[::\].*\n/gm, '')
    .replaceAll('listen 80;', `listen 127.0.0.1:${ports.http};`)
    .replaceAll('listen 443 ', `listen 127.0.0.1:${ports.https} `)
    .replaceAll(/(ssl_certificate) .*;/g, `$1 ${dir}/cert.pem;`)
    .replaceAll(/(ssl_certificate_key) .*;/g, `$1 ${dir}/key.pem;`)
    .replaceAll('/var/log/nginx/', `${dir}/`)
    .replaceAll(/root \/var\/www\/.*;/g, `root ${dir}/webroot;`);
}

/** As Debian has it, old protocols and all; what differs is where files are. */
function main(dir: string): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    each => `${each}_temp_path ${dir}/${each};`,
  );
  return `user root;
worker_processes 2;
pid ${dir}/nginx.pid;
error_log ${dir}/error.log;
events { worker_connections 768; }
http {
  sendfile on;
  tcp_nopush on;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
  ssl_prefer_server_ciphers on;
  access_log ${dir}/other.log;
  gzip on;
  gzip_types text/event-stream;
  ${paths.join('\n  ')}
  include ${dir}/site.conf;
}
`;
}
