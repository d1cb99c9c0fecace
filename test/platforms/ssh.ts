import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Cable } from './cable.ts';
import { type Host, temporaryFolder } from './host.ts';

let folder: string | undefined;

/** A way into a host by ssh as root, over a cable or not; `ssh` of this process takes it. Returns what --host would say. */
export async function openSsh(host: Host, by?: Cable): Promise<string> {
  const place = folder ?? (await ownSsh());
  const file = (name: string) => join(place, name);
  const key = file(`key-${host.address}`);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  await host.write({ '/root/.ssh/authorized_keys': readFileSync(`${key}.pub`, 'utf8') });
  await host.sh(
    'chown -R root:root /root/.ssh; chmod 700 /root /root/.ssh; ssh-keygen -A; systemctl start ssh',
  );
  const known = await host.sh('cat /etc/ssh/ssh_host_ed25519_key.pub');
  appendFileSync(file('known_hosts'), `${host.address} ${known}`);
  appendFileSync(
    file('config'),
    `Host ${host.address}\n  IdentityFile ${key}\n  UserKnownHostsFile ${file('known_hosts')}\n  IdentitiesOnly yes\n${
      by ? `  HostName 127.0.0.1\n  Port ${by.port}\n  HostKeyAlias ${host.address}\n` : ''
    }`,
  );
  return `root@${host.address}`;
}

/** One `ssh` for all hosts of a test file, which knows no others. */
async function ownSsh(): Promise<string> {
  folder = await temporaryFolder();
  const config = join(folder, 'config');
  writeFileSync(config, '');
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${config} "$@"\n`);
  chmodSync(join(folder, 'ssh'), 0o755);
  process.env['PATH'] = `${folder}${delimiter}${process.env['PATH']}`;
  return folder;
}
