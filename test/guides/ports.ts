import { freePort } from '../services/ports.ts';

/** Guides name ports as a reader would; here each is one that is free, as many tests run at once. */
const PORTS: Readonly<Record<string, readonly string[]>> = {
  chatbot: ['3100'],
  'go-binary': ['8180', '9190'],
  'go-postgres': ['8280'],
  'multi-service': ['8380', '8381', '9390'],
  'python-asgi': ['8101'],
};

/** The ports of a guide, and what they are here. */
export async function ports(guide: string): Promise<Record<string, string>> {
  const pairs = (PORTS[guide] ?? []).map(async port => [port, String(await freePort())] as const);
  return Object.fromEntries(await Promise.all(pairs));
}
