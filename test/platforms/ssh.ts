import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Host, temporaryFolder } from './host.ts';

/** A way into a host by ssh as root; `ssh` of this process takes it. Returns what --host would say. */
export async function openSsh(host: Host): Promise<string> {
  const folder = await temporaryFolder();
  const file = (name: string) => join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file('key')]);
  await host.write({ '/root/.ssh/authorized_keys': readFileSync(file('key.pub'), 'utf8') });
  await host.sh(
    'chown -R root:root /root/.ssh; chmod 700 /root /root/.ssh; ssh-keygen -A; systemctl start ssh',
  );
  const known = await host.sh('cat /etc/ssh/ssh_host_ed25519_key.pub');
  writeFileSync(file('known_hosts'), `${host.address} ${known}`);
  writeFileSync(
    file('config'),
    `IdentityFile ${file('key')}\nUserKnownHostsFile ${file('known_hosts')}\nIdentitiesOnly yes\n`,
  );
  writeFileSync(file('ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${file('config')} "$@"\n`);
  chmodSync(file('ssh'), 0o755);
  process.env['PATH'] = `${folder}${delimiter}${process.env['PATH']}`;
  return `root@${host.address}`;
}
