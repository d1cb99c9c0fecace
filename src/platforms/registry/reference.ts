/** An image by its parts: https://github.com/distribution/reference */
export interface Reference {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string | undefined;
}

const HUB = 'docker.io';

export function referenceOf(image: string): Reference {
  const [name = '', digest] = image.split('@');
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const tag = colon < 0 ? 'latest' : name.slice(colon + 1);
  const path = colon < 0 ? name : name.slice(0, colon);
  const [first = ''] = path.split('/');
  if (path.includes('/') && isHost(first))
    return { host: first, repository: path.slice(first.length + 1), tag, digest };
  return { host: HUB, repository: path.includes('/') ? path : `library/${path}`, tag, digest };
}

/** Whether an image says by itself which registry it is in. */
export const namesRegistry = (image: string): boolean =>
  image.includes('/') && isHost(image.split('/')[0] ?? '');

const isHost = (word: string): boolean => word === 'localhost' || /[.:]/.test(word);

/** By https, but for this machine itself, as the container runtimes have it. */
export function serverOf(host: string): string {
  if (host === HUB) return 'https://registry-1.docker.io';
  const name = host.replace(/:\d+$/, '');
  return `${name === 'localhost' || name === '[::1]' || name.startsWith('127.') ? 'http' : 'https'}://${host}`;
}

/** The name as it was written, without tag and digest. */
export const repositoryOf = (image: string): string => image.replace(/@.*$/, '').replace(/:[^/:]+$/, '');
