import { createHash } from 'node:crypto';
import type { Answer, Obstacle } from '../answer.ts';
import { type Login, loginOf } from './credentials.ts';
import { type Reference, referenceOf, serverOf } from './reference.ts';

/** An index of several architectures comes first: it is what a tag names where there is one. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');
const PATIENCE = 20_000;

/** What an image's tag stands for now, as the registry says; undefined where the registry has no such tag. */
export async function digestOf(image: string, signal: AbortSignal): Promise<Answer<string | undefined>> {
  const reference = referenceOf(image);
  if (reference.digest !== undefined) return { value: reference.digest };
  const limits = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  try {
    return await ask(reference, await loginOf(reference.host, limits), limits);
  } catch (error) {
    const { cause, message } = error as Error;
    const why = cause instanceof Error && cause.message ? cause.message : message;
    return { obstacle: obstacle(reference, `does not answer: ${why}`) };
  }
}

async function ask(
  reference: Reference,
  login: Login | undefined,
  signal: AbortSignal,
): Promise<Answer<string | undefined>> {
  const url = `${serverOf(reference.host)}/v2/${reference.repository}/manifests/${reference.tag}`;
  const head = (authorization?: string) => fetchManifest(url, 'HEAD', authorization, signal);
  let authorization: string | undefined;
  let reply = await head();
  if (reply.status === 401) {
    authorization = await authorize(reply.headers.get('www-authenticate') ?? '', login, signal);
    reply = await head(authorization);
  }
  if (reply.status === 404) return { value: undefined };
  if (!reply.ok)
    return { obstacle: obstacle(reference, `answers ${reply.status} to ${reference.repository}`) };
  const said = reply.headers.get('docker-content-digest');
  if (said && /^sha256:[0-9a-f]{64}$/.test(said)) return { value: said };
  const whole = await fetchManifest(url, 'GET', authorization, signal);
  if (!whole.ok)
    return { obstacle: obstacle(reference, `answers ${whole.status} to ${reference.repository}`) };
  const hash = createHash('sha256').update(Buffer.from(await whole.arrayBuffer()));
  return { value: `sha256:${hash.digest('hex')}` };
}

const fetchManifest = (url: string, method: string, authorization: string | undefined, signal: AbortSignal) =>
  fetch(url, { method, headers: { accept: MANIFESTS, ...(authorization && { authorization }) }, signal });

/** https://distribution.github.io/distribution/spec/auth/token/ */
async function authorize(
  challenge: string,
  login: Login | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const basic = login && `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  if (!/^bearer /i.test(challenge)) return basic;
  const parts = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
  const realm = new URL(parts.get('realm') ?? '');
  // A password goes to nobody in the clear.
  if (realm.protocol !== 'https:' && serverOf(realm.host) !== realm.origin) return undefined;
  for (const name of ['service', 'scope']) {
    const value = parts.get(name);
    if (value !== undefined) realm.searchParams.set(name, value);
  }
  const reply = await fetch(realm, { headers: basic ? { authorization: basic } : {}, signal });
  if (!reply.ok) return undefined;
  const { token, access_token } = (await reply.json()) as { token?: string; access_token?: string };
  const given = token ?? access_token;
  return given && `Bearer ${given}`;
}

const obstacle = ({ host }: Reference, what: string): Obstacle => ({
  why: `the registry ${host} ${what}`,
  next: / 40[13] /.test(what) ? `docker login ${host}` : `make ${serverOf(host)}/v2/ answer from here`,
});
