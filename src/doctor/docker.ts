import { command } from '../exec/command.ts';
import type { Outcome } from '../exec/run.ts';
import { firstLine } from './probe.ts';
import type { Fault, Tool } from './tool.ts';

/** Plugins answer through the client, which knows them by name alone. */
const NO_PLUGIN = /is not a docker command|unknown (?:shorthand )?(?:flag|command)/i;

export const docker: Tool = {
  id: 'docker',
  purpose: 'building images and running them',
  commands: [command('docker', 'version', '--format', '{{json .}}')],
  version: /"Version":"(\d[^"+-]*)/,
  minimum: '23.0', // the first whose `docker build` is BuildKit, which RUN --mount needs
  fault: engineFault,
  hint: 'Debian: apt install docker.io; macOS and Windows: Docker Desktop; or see the manual of Docker Engine',
};

export const compose: Tool = {
  id: 'compose',
  purpose: 'starting the services on one machine',
  commands: [command('docker', 'compose', 'version', '--short')],
  minimum: '2.7', // earlier ones wait for ever for a job that has ended well: docker/compose#9572
  absent: NO_PLUGIN,
  hint: 'the plugin docker-compose-v2 (Ubuntu), docker-compose (Debian 13) or docker-compose-plugin (from Docker)',
};

export const buildx: Tool = {
  id: 'buildx',
  purpose: 'building images for several platforms',
  commands: [command('docker', 'buildx', 'version')],
  minimum: '0.10',
  absent: NO_PLUGIN,
  hint: 'the plugin docker-buildx (Ubuntu, Debian 13) or docker-buildx-plugin (from Docker)',
};

/** The client alone can do nothing; it prints its own version even when no engine answers. */
function engineFault({ status, stdout, stderr }: Outcome): Fault | undefined {
  const said = firstLine(stderr);
  if (/emulate docker cli using podman/i.test(stderr))
    return { detail: "this is podman under docker's name", hint: docker.hint };
  if (status === 'ok' && /"Server":\{/.test(stdout)) return undefined;
  if (/permission denied/i.test(said))
    return {
      detail: 'the engine is here, but this user may not talk to it',
      hint: 'add the user to the group docker and log in again, or run Docker rootless',
    };
  const reason = status === 'timeout' || said === '' ? '' : `: ${said}`;
  return {
    detail: `the client is here, but no engine answers${reason}`,
    hint: 'start it: systemctl start docker, or Docker Desktop; or set DOCKER_HOST or a docker context',
  };
}
