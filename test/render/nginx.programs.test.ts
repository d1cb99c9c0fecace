import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { nginxParameter } from '../../src/render/escape/nginx.ts';
import { freePort } from '../services/ports.ts';
import { cleanUp, start, until } from '../services/programs.ts';
import { runs } from './runs.ts';
import { renderOnce } from './sample.ts';
import { sampleTexts } from './values.ts';

const dir = mkdtempSync(join(tmpdir(), 'aideploy-nginx-'));
afterAll(async () => {
  await cleanUp();
  await rm(dir, { recursive: true });
});

const FRAME = `daemon off; worker_processes 1; pid {{concat dir "/pid"}}; error_log {{concat dir "/error.log"}};
user root;
events {}
http {
  access_log off;
  client_body_temp_path {{concat dir "/b"}}; proxy_temp_path {{concat dir "/p"}};
  fastcgi_temp_path {{concat dir "/f"}}; uwsgi_temp_path {{concat dir "/u"}}; scgi_temp_path {{concat dir "/s"}};
  large_client_header_buffers 4 64k;
  # {{comment}}
  server {
    listen 127.0.0.1:{{port}};
    merge_slashes off;
{{#each texts as |text|}}
    location = /text/{{@index}} {
      return 200 {{text}};
    }
{{/each}}
{{#each paths as |path|}}
    location = {{path}} {
      return 200 path-{{@index}};
    }
{{/each}}
{{#each patterns as |pattern|}}
    location ~ {{pattern}} {
      return 200 pattern-{{@index}};
    }
{{/each}}
    location / {
      return 404;
    }
  }
}
`;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const ask = (port: number, path: string): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, agent }, answer => {
      const chunks: Buffer[] = [];
      answer.on('data', chunk => chunks.push(chunk as Buffer));
      answer.on('end', () => resolve(Buffer.concat(chunks)));
    })
      .once('error', reject)
      .end();
  });

/** Every byte but unreserved ones, as a client may always write it. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16)}`);

const texts = sampleTexts(runs(300));
const sayable = texts.filter(text => !text.includes('$'));
/** What nginx would take apart before it looks for a location, it never looks for. */
const paths = [...new Set(texts.map(text => `/p-${text.replaceAll('/', '|')}`))];
const quoted = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
// A dollar sign would also match before a line end.
const patterns = paths.map(path => `^${quoted(path.replace('/p-', '/r-'))}\\z`);

describe('a real nginx', () => {
  test('reads every text back, byte for byte, as a value, a location and a regular expression', async () => {
    const port = await freePort();
    const view = { dir, port, comment: "it's $a {comment};", texts: sayable, paths, patterns };
    const file = join(dir, 'nginx.conf');
    writeFileSync(file, renderOnce('t/nginx.conf', FRAME, view));
    const program = start(['nginx', '-c', file]);
    const up = () =>
      ask(port, '/text/0').then(
        () => true,
        () => false,
      );
    await Promise.race([until(up, 'nginx'), program.exit.then(() => expect(program.output()).toBe(''))]);
    for (const [i, text] of sayable.entries())
      expect((await ask(port, `/text/${i}`)).toString(), text).toBe(text);
    for (const [i, path] of paths.entries()) {
      expect((await ask(port, `/${encoded(path.slice(1))}`)).toString(), path).toBe(`path-${i}`);
      const other = path.replace('/p-', '/r-');
      expect((await ask(port, `/${encoded(other.slice(1))}`)).toString(), other).toBe(`pattern-${i}`);
    }
    program.signal('SIGTERM');
    await program.exit;
  }, 120_000);
});

describe('what nginx cannot be told', () => {
  const render = (source: string, value: unknown) => renderOnce('t/nginx.conf', source, { value });

  test.each<[string, string, unknown, string]>([
    ['a dollar sign', 'root {{value}};', '/a$b', 'a dollar sign begins a variable'],
    ['a NUL', 'root {{value}};', 'a\0', 'its parser ends a text at a NUL'],
    ['a long text', 'root {{value}};', ' x'.repeat(2_100), 'at most 4000 bytes'],
    ['a long plain text', 'root {{value}};', 'x'.repeat(4_200), 'at most 4000 bytes'],
    ['a part that needs quotes', 'server 127.0.0.1:{{value}};', '80; evil', 'a part of a parameter'],
    ['an empty part', 'zone={{value}}:10m;', '', 'a part of a parameter'],
    ['a part within quotes', 'add_header X "a {{value}}";', '"; evil "', 'a part of a parameter'],
    ['a comment of two lines', '# {{value}}', 'a\nevil;', 'a comment holds no control characters'],
    ['half a surrogate pair', 'root {{value}};', '\ud800', 'not valid Unicode'],
    ['a list', 'root {{value}};', [], 'one scalar is needed'],
  ])('%s', (_, source, value, reason) => {
    expect(() => render(source, value)).toThrow(reason);
  });

  test.each<[string, unknown, string]>([
    ['server 127.0.0.1:{{value}};', 80, 'server 127.0.0.1:80;'],
    ['location = {{value}} {', '/a$b "c"', 'location = "/a$b \\"c\\"" {'],
    ['map $x ${{value}}_y {', 'ab', 'map $x $ab_y {'],
    ['ssl_certificate {{value}};', "/etc/a b/it's.pem", 'ssl_certificate "/etc/a b/it\'s.pem";'],
    ['return 200 {{value}};', '', 'return 200 "";'],
  ])('%s', (source, value, expected) => {
    expect(render(source, value)).toBe(`${expected}\n`);
  });

  test('a message does not repeat the value', () => {
    expect(() => nginxParameter('a secret $')).toThrow('nginx cannot say a text of 10 characters');
  });
});
