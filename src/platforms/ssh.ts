import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, command, shellLine } from '../exec/command.ts';

/** A connection that nothing comes back by is given up after half a minute; by itself TCP keeps it for hours. */
const ALIVE = ['-o', 'ServerAliveInterval=10', '-o', 'ServerAliveCountMax=3'];

/** Never asks for a password or for a key to be believed: a probe has nobody to answer. */
const SILENT = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', ...ALIVE];

export function sshCommand(
  host: string,
  { stdin, secrets, ...rest }: Command,
  more: readonly string[] = [],
): Command {
  return {
    ...command('ssh', ...SILENT, ...more, '--', host, shellLine(rest)),
    ...(stdin !== undefined && { stdin }),
    ...(secrets && { secrets }),
  };
}

/** A way to an address that only the host can reach, on the command's input and output. */
export const throughHost = (host: string, address: string, port: number): Command =>
  command('ssh', ...SILENT, ...sharing(host), '-W', `${address}:${port}`, '--', host);

const sockets = new Map<string, string>();
let folder: string | undefined;

/**
 * One connection for all that is asked of a host: a deploy asks some fifty times, and to log in takes longer than most
 * answers. It ends by itself soon after the run. https://man.openbsd.org/ssh_config#ControlMaster
 */
export function sharing(host: string): readonly string[] {
  // OpenSSH for Windows has no sockets for it.
  if (process.platform === 'win32') return [];
  folder ??= ownFolder();
  // A short name, since a socket's path has some hundred bytes at most.
  const socket = sockets.get(host) ?? join(folder, String(sockets.size));
  sockets.set(host, socket);
  return ['-o', 'ControlMaster=auto', '-o', `ControlPath=${socket}`, '-o', 'ControlPersist=10'];
}

/** For this user alone. */
function ownFolder(): string {
  const made = mkdtempSync(join(tmpdir(), 'aideploy-ssh-'));
  process.once('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}
