import type { FactValues } from './fact.ts';

/** The parts of a URL or DSN that tell where it leads; never what it holds of a secret. */
export interface Address {
  readonly scheme: string;
  readonly host: string;
  readonly port?: number;
  /** From its first slash on. */
  readonly path: string;
}

/** The variable's URL, with `*` for parts that are only known elsewhere; where it is one at all. */
export const urlOf = ({ value, partly }: FactValues['env']): string | undefined => value ?? partly;

/** A value of which not all is known, as far as it is a URL. */
export const partlyUrl = (text: string | undefined): { partly?: string } =>
  text !== undefined && /^[a-z][a-z0-9+.-]{0,30}:\/\//i.test(text) ? { partly: text } : {};

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
