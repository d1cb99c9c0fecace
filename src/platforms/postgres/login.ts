/** How one logs in; the password comes from a secret, and goes to the server alone. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly tls: 'disable' | 'require' | 'verify-ca' | 'verify-full';
  /** A file of authorities; those that Node.js trusts when absent. */
  readonly ca: string | undefined;
  /** The host that ssh reaches, where only it reaches the database. */
  readonly by?: string;
}

/** Of libpq: https://www.postgresql.org/docs/current/libpq-ssl.html */
const MODES: Readonly<Record<string, Login['tls']>> = {
  disable: 'disable',
  allow: 'disable',
  prefer: 'disable',
  require: 'require',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
};

/** A login out of a connection string; what it leaves open is as the others say. */
export function loginIn(url: string, others: Login): Login | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port, username, password, pathname, searchParams } = new URL(url);
  if (!/^postgres(?:ql)?:$/.test(protocol)) return undefined;
  const text = (part: string, other: string) => (part === '' ? other : decodeURIComponent(part));
  return {
    host: text(hostname.replace(/^\[(.*)\]$/, '$1'), others.host),
    port: port === '' ? others.port : Number(port),
    user: text(username, others.user),
    password: password === '' ? others.password : decodeURIComponent(password),
    database: text(pathname.slice(1), others.database),
    tls: MODES[searchParams.get('sslmode') ?? ''] ?? others.tls,
    ca: searchParams.get('sslrootcert') ?? others.ca,
  };
}
