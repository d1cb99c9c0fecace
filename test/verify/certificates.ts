/** Certificates of an authority of the tests' own: good ones, and ones with one fault each. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  readonly ca: string;
  readonly good: Pair;
  readonly expired: Pair;
  readonly soon: Pair;
  readonly other: Pair;
  readonly selfSigned: Pair;
  /** Issued by an intermediate authority that is not sent. */
  readonly incomplete: Pair;
}

const DOMAINS = 'subjectAltName=DNS:localhost,DNS:chat.test,IP:127.0.0.1';
const NEW_KEY = '-nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1';
const DAY = 86_400_000;

/** `req` cannot date back; `ca` can, and wants books to write in. */
const BOOKS = `[ca]
default_ca=books
[books]
database=index
serial=serial
new_certs_dir=.
default_md=sha256
unique_subject=no
policy=anything
copy_extensions=copy
[anything]
commonName=supplied
`;

function create(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), 'aideploy-certificates-'));
  const openssl = (line: string) => execFileSync('openssl', line.split(' '), { cwd: dir, stdio: 'pipe' });
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  const pair = (name: string): Pair => ({ cert: read(`${name}.pem`), key: read(`${name}.key`) });
  const authority = (name: string, more = '') =>
    openssl(
      `req -x509 ${NEW_KEY} -days 30 -subj /CN=${name} -addext basicConstraints=critical,CA:TRUE -keyout ${name}.key -out ${name}.pem${more}`,
    );
  const leaf = (
    name: string,
    by: string,
    san: string,
    from = Date.now() - DAY,
    to = Date.now() + 90 * DAY,
  ): Pair => {
    openssl(`req -new ${NEW_KEY} -keyout ${name}.key -out ${name}.csr -subj /CN=chat.test -addext ${san}`);
    const dates = `-startdate ${stamp(from)} -enddate ${stamp(to)}`;
    openssl(
      `ca -batch -config books.cnf -cert ${by}.pem -keyfile ${by}.key -in ${name}.csr -out ${name}.pem -notext ${dates}`,
    );
    return pair(name);
  };
  try {
    for (const [name, text] of Object.entries({ 'books.cnf': BOOKS, index: '', serial: '01\n' }))
      writeFileSync(join(dir, name), text);
    authority('ca');
    authority('middle', ' -CA ca.pem -CAkey ca.key');
    openssl(
      `req -x509 ${NEW_KEY} -days 90 -subj /CN=localhost -addext ${DOMAINS} -keyout self.key -out self.pem`,
    );
    return {
      ca: read('ca.pem'),
      good: leaf('good', 'ca', DOMAINS),
      expired: leaf('expired', 'ca', DOMAINS, Date.now() - 90 * DAY, Date.now() - DAY),
      soon: leaf('soon', 'ca', DOMAINS, Date.now() - 87 * DAY, Date.now() + 3 * DAY),
      other: leaf('other', 'ca', 'subjectAltName=DNS:other.test'),
      selfSigned: pair('self'),
      incomplete: leaf('incomplete', 'middle', DOMAINS),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** As ASN.1 writes a time: `261121130000Z`. */
const stamp = (time: number) =>
  `${new Date(time)
    .toISOString()
    .replaceAll(/[-:T]|\..*/g, '')
    .slice(2)}Z`;

let made: Certificates | undefined;
export const certificates = (): Certificates => {
  made ??= create();
  return made;
};
