/** Every site that we render, looked at by Debian's nginx, by gixy and by shellcheck. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenFiles } from '../targets/examples.ts';
import { need, shellcheck } from './judges.ts';

const run = promisify(execFile);
const bin = (await run(fileURLToPath(new URL('setup', import.meta.url)), ['path'])).stdout.trim();

const files = goldenFiles('nginx').sort();
const sites = files.filter(path => path.endsWith('.conf'));
const scripts = files.filter(path => path.endsWith('.sh'));

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aideploy-nginx-'));
  const subject = ['-subj', '/CN=test', '-days', '2', '-keyout', join(dir, 'key.pem')];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-out',
    join(dir, 'cert.pem'),
    ...subject,
  ]);
});
afterAll(() => rm(dir, { recursive: true }));

/** The site as it is, but for certificates and logs, which are not on this machine. */
function onThisMachine(site: string): string {
  return site
    .replaceAll(/(ssl_certificate) .*;/g, `$1 ${dir}/cert.pem;`)
    .replaceAll(/(ssl_certificate_key) .*;/g, `$1 ${dir}/key.pem;`)
    .replaceAll('/var/log/nginx/', `${dir}/`);
}

/** As Debian's 1.22 knows it; what newer ones say by a directive of its own is a parameter there. */
const inOldSyntax = (site: string): string =>
  site.includes('http2 on;')
    ? site
        .replaceAll(/^ *(?:http2 on|keepalive_min_timeout \d+s);\n/gm, '')
        .replaceAll(/(listen .*443 ssl);/g, '$1 http2;')
    : site;

/** Sites in a configuration without faults of its own. */
async function configuration(...texts: string[]): Promise<string> {
  for (const [i, text] of texts.entries()) await writeFile(join(dir, `site${i}.conf`), text);
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    each => `${each}_temp_path ${dir}/${each};`,
  );
  const includes = texts.map((_, i) => `include ${dir}/site${i}.conf;`);
  const file = join(dir, 'nginx.conf');
  await writeFile(
    file,
    `pid ${dir}/pid;\nerror_log ${dir}/error.log;\nworker_rlimit_nofile 1024;\nevents { worker_connections 64; }\n` +
      `http {\n  server_tokens off;\n  ${[...paths, ...includes].join('\n  ')}\n}\n`,
  );
  return file;
}

/** What `nginx -t` has to say, warnings included. */
async function nginxTest(file: string): Promise<string> {
  const { stderr } = await run('nginx', ['-t', '-q', '-c', file]).catch(error => error as { stderr: string });
  return stderr.replaceAll(/^.*(?:syntax is ok|test is successful)\n/gm, '');
}

async function gixy(file: string): Promise<unknown[]> {
  const { stdout } = await run(join(bin, 'gixy'), ['--format', 'json', file]).catch(
    error => error as { stdout: string },
  );
  return JSON.parse(stdout) as unknown[];
}

describe.runIf(need('nginx', 'gixy'))('a site', () => {
  it('is looked at closely: planted faults are seen', async () => {
    const file = await configuration(
      'server { listen 80; location /a { alias /b/; } add_header X "$arg_a"; nonsense; }',
    );
    expect(await nginxTest(file)).toContain('unknown directive "nonsense"');
    expect((await gixy(file)).length).toBeGreaterThan(0);
  });

  it.each(sites)('%s', async site => {
    const text = onThisMachine(await readFile(site, 'utf8'));
    expect(await gixy(await configuration(text))).toEqual([]);
    expect(await nginxTest(await configuration(inOldSyntax(text)))).toBe('');
  });

  it('stands beside others on one host', async () => {
    const together = sites.filter(site =>
      /\/(?:go-postgres|full|python-asgi|many-services)\/.*[^e]\.conf$/.test(site),
    );
    const texts = await Promise.all(together.map(site => readFile(site, 'utf8')));
    expect(texts.length).toBe(4);
    expect(await nginxTest(await configuration(...texts.map(text => inOldSyntax(onThisMachine(text)))))).toBe(
      '',
    );
  });

  it('has no blanks at the ends of its lines', async () => {
    for (const site of sites) expect(await readFile(site, 'utf8'), site).not.toMatch(/[ \t]$/m);
  });
});

describe.runIf(need('shellcheck'))('install.sh', () => {
  it.each(scripts)('%s', async script => {
    expect(await shellcheck(script)).toEqual([]);
  });
});
