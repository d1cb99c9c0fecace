/** Two instances on a host behind its own nginx, and a bounded load through it. */
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from './host.ts';

export interface Load {
  readonly requests: number;
  readonly failures: string[];
}

/** What is lost is an error at once, or for ever; workers that start beside all else at work here may take half a minute. */
const PATIENCE = 60_000;

/**
 * A request by a connection of its own: nginx's reload closes those that were kept, also under the next request,
 * which no server behind it can mend (of 33,000 on kept connections 90 were lost in 20 reloads, of as many on new ones none).
 */
const askOnce = (url: string, body?: string) =>
  new Promise<number>((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const options = {
      agent: false,
      method,
      timeout: PATIENCE,
      headers: { 'content-type': 'application/json' },
    };
    const asked = request(url, options, answer => {
      answer.once('error', reject).once('end', () => resolve(answer.statusCode ?? 0));
      answer.resume();
    });
    asked
      .once('timeout', () => asked.destroy(new Error(`no answer within ${PATIENCE} ms`)))
      .once('error', reject)
      .end(body);
  });

/** A bounded load through the host's own proxy, until the work is done. */
export async function under<T>(url: string, work: () => Promise<T>): Promise<{ result: T; load: Load }> {
  const load = { requests: 0, failures: [] as string[] };
  let done = false;
  const ask = async (path: string, body?: string) => {
    load.requests++;
    const status = await askOnce(`${url}${path}`, body).catch(error => String(error));
    if (status !== 200) load.failures.push(`${path}: ${status}`);
  };
  const client = async () => {
    while (!done) {
      await ask('/version');
      await ask('/api/chat', '{"message": "hi"}');
      await sleep(40);
    }
  };
  const clients = Array.from({ length: 3 }, client);
  const result = await work().finally(() => {
    done = true;
  });
  await Promise.all(clients);
  return { result, load };
}

/** A minimal proxy over two instances; the real one is the nginx target's. */
export async function proxy(host: Host, listen: number, ports: readonly number[]): Promise<string> {
  const servers = ports.map(port => `server 127.0.0.1:${port} max_fails=0;`).join(' ');
  await host.write({
    [`/etc/nginx/conf.d/test-${listen}.conf`]: `upstream u${listen} { ${servers} }
server { listen ${listen}; location / { proxy_pass http://u${listen}; proxy_buffering off; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_read_timeout 60s; } }\n`,
  });
  await host.sh('nginx -t 2>&1; systemctl reload-or-restart nginx');
  return `http://${host.address}:${listen}`;
}

/** What a proxy does for an instance that is to stop: no new request goes there. */
export async function drain(
  host: Host,
  config: string,
  listen: number,
  ports: readonly [number, number],
): Promise<void> {
  await host.write({
    [`${config}/drain.sh`]: `#!/bin/bash
set -eu
case $2 in *@1.service) port=${ports[0]} ;; *) port=${ports[1]} ;; esac
case $1 in out) to=' down' ;; *) to= ;; esac
sed -i -E "s/:$port max_fails=0( down)?;/:$port max_fails=0$to;/" /etc/nginx/conf.d/test-${listen}.conf
old=$(ps -o pid= --ppid "$(cat /run/nginx.pid)")
nginx -s reload
# However busy the machine is: a former worker takes requests until its title says that it is shutting down.
for pid in $old; do
  while [ -e "/proc/$pid/cmdline" ] && ! grep -qs 'shutting down' "/proc/$pid/cmdline"; do sleep 0.1; done
done
sleep 0.5
`,
  });
  await host.sh(`chmod 755 ${config}/drain.sh`);
}
