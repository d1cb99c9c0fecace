import { own } from '../../artifacts/own.ts';
import { type Command, optionValues, type Word } from '../../artifacts/shell/script.ts';
import { environmentOf } from '../assemble.ts';
import type { Call, Shell } from '../scripts.ts';

interface SecretArgument {
  readonly word: Word;
  /** The variable or setting that holds it. */
  readonly name: string;
  /** How it is handed over, as somebody would write it. */
  readonly way: string;
  /** What says the same without the value. */
  readonly bare?: string;
}

const SECRET =
  /(?:^|_)(?:PASS|PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|SECRET_KEY|ACCESS_KEY|CREDENTIALS|DATABASE_URL|DB_URL|DSN|PAT)$/i;
const NO_ARGUMENTS = /^(?:echo|printf|export|read|test|\[|:|log|local|set|unset|say|die|readonly|declare)$/;
const CONTAINER = /^(?:docker|podman|docker-compose|nerdctl)$/;

/** Secrets that other users of the machine could read off a list of its processes. */
export function secretsIn(call: Call): readonly SecretArgument[] {
  const { command, name, shell } = call;
  if (NO_ARGUMENTS.test(name) || shell.document.body.functions.includes(name)) return [];
  const built = CONTAINER.test(name) ? named(command, ['--build-arg'], '--build-arg') : [];
  // A machine that is nobody else's and gone in a minute has nobody to hide from; an image lasts.
  const gone =
    /^(?:workflow|dockerfile)$/.test(shell.host.kind) || environmentOf(shell.document.name) === 'test';
  if (gone) return built;
  return [
    ...built,
    ...environment(call),
    ...literals(command, name),
    ...headers(command, name),
    ...passwords(command, name),
  ];
}

/** `NAME=$VALUE` behind one of the options. */
const named = (command: Command, options: readonly string[], way: string): SecretArgument[] =>
  optionValues(command, ...options).flatMap(word => {
    const key = /^["']?([\w.-]+)=/.exec(word.raw)?.[1];
    const secret = key !== undefined && SECRET.test(key.replace(/[.-]/g, '_')) && word.variables.length > 0;
    return secret ? [{ word, name: key, way }] : [];
  });

function environment({ command, name, shell }: Call): SecretArgument[] {
  if (!CONTAINER.test(name)) return [];
  return named(command, ['-e', '--env'], '-e').map(found => {
    const [, key = '', value = ''] = /^["']?(\w+)=["']?(.*?)["']*$/s.exec(found.word.raw) ?? [];
    const same = value === `$${key}` || value === `\${${key}}`;
    return same && isExported(shell, key) ? { ...found, bare: key } : found;
  });
}

/** A variable that the script sets for itself alone is none that a program would find. */
const isExported = ({ document: { body } }: Shell, name: string): boolean =>
  body.assignments.every(each => each.name !== name || each.exported);

function literals(command: Command, name: string): SecretArgument[] {
  if (/^(?:kubectl|oc)$/.test(name)) return named(command, ['--from-literal'], '--from-literal');
  if (name === 'helm') return named(command, ['--set', '--set-string'], '--set');
  return name === 'gcloud' ? named(command, ['--set-env-vars', '--update-env-vars'], '--set-env-vars') : [];
}

const secretOf = (word: Word): string | undefined =>
  word.variables.find(each => SECRET.test(each.name))?.name;

/** Headers, credentials and addresses of curl and the like. */
function headers(command: Command, name: string): SecretArgument[] {
  if (!/^(?:curl|wget|http|psql|pg_dump|pg_restore|git|mongodump|redis-cli)$/.test(name)) return [];
  return command.words.flatMap((word, i): SecretArgument[] => {
    const before = command.words[i - 1]?.raw ?? '';
    const secret = i > 0 ? secretOf(word) : undefined;
    if (!secret) return [];
    if (/^(?:-H|--header)$/.test(before) || /^--header=/.test(word.raw))
      return [{ word, name: secret, way: 'a header' }];
    if (/^(?:-u|--user)$/.test(before) && name === 'curl') return [{ word, name: secret, way: before }];
    const address = /^["']?\w+:\/\//.test(word.raw) || /(?:URL|DSN)$/i.test(secret);
    return address ? [{ word, name: secret, way: 'an address' }] : [];
  });
}

/** Options that take a password, by program. */
const PASSWORDS: Readonly<Record<string, readonly string[]>> = {
  docker: ['--password'],
  mysql: ['-p', '--password'],
  mysqldump: ['-p', '--password'],
  'redis-cli': ['-a', '--pass'],
  sshpass: ['-p'],
  htpasswd: [],
  mongodump: ['-p', '--password'],
  az: ['--password'],
};

function passwords(command: Command, name: string): SecretArgument[] {
  const options: readonly string[] = own(PASSWORDS, name) ?? [];
  const login = name === 'docker' && command.words[1]?.value === 'login' ? ['-p', ...options] : options;
  return optionValues(command, ...login).flatMap(word =>
    word.variables.length > 0 ? [{ word, name: secretOf(word) ?? 'a password', way: login[0] ?? '' }] : [],
  );
}
