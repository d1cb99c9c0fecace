/** The parts of a URL or DSN that tell where it leads; never what it holds of a secret. */
export interface Address {
  readonly scheme: string;
  readonly host: string;
  readonly port?: number;
  /** From its first slash on. */
  readonly path: string;
}

/** Undefined where the text is no URL, or its host is only known elsewhere. */
export function addressIn(text: string): Address | undefined {
  const [, scheme, authority = '', path = ''] =
    /^([a-z][a-z0-9+.-]{0,30}):\/\/([^/?#\s]{1,300})([/?#]\S*)?$/i.exec(text) ?? [];
  const [, host, port] =
    /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(authority.slice(authority.lastIndexOf('@') + 1)) ?? [];
  if (!scheme || !host) return undefined;
  return {
    scheme: scheme.toLowerCase(),
    host: host.toLowerCase(),
    path,
    ...(port ? { port: Number(port) } : {}),
  };
}
