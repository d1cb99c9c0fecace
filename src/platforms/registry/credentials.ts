import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../exec/command.ts';
import { run } from '../../exec/run.ts';

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** https://docs.docker.com/reference/cli/docker/login/#credential-stores */
interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/** Under which names `docker login` keeps a registry; Docker Hub has an older one. */
const namesOf = (host: string): string[] =>
  host === 'docker.io' ? ['https://index.docker.io/v1/', 'docker.io'] : [host, `https://${host}`];

/** What `docker login` left behind for a registry; undefined where nobody logged in. */
export async function loginOf(host: string, signal: AbortSignal): Promise<Login | undefined> {
  const config = await dockerConfig();
  for (const name of namesOf(host)) {
    const helper = config.credHelpers?.[name] ?? config.credsStore;
    const login = helper ? await askHelper(helper, name, signal) : undefined;
    if (login) return login;
    const [user, password] = split(Buffer.from(config.auths?.[name]?.auth ?? '', 'base64').toString());
    if (user && password) return { user, password };
  }
  return undefined;
}

async function dockerConfig(): Promise<DockerConfig> {
  const folder = process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker');
  try {
    const value = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as unknown;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** https://github.com/docker/docker-credential-helpers#development */
async function askHelper(helper: string, name: string, signal: AbortSignal): Promise<Login | undefined> {
  const asked = { ...command(`docker-credential-${helper}`, 'get'), stdin: name };
  const { status, stdout } = await run(asked, { signal, timeout: 15_000 });
  if (status !== 'ok') return undefined;
  try {
    const { Username, Secret } = JSON.parse(stdout) as { Username?: string; Secret?: string };
    return Username && Secret ? { user: Username, password: Secret } : undefined;
  } catch {
    return undefined;
  }
}

const split = (text: string): [string, string] => {
  const at = text.indexOf(':');
  return at < 0 ? ['', ''] : [text.slice(0, at), text.slice(at + 1)];
};
