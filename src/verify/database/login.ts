import type { Database, Model } from '../../model/model.ts';
import type { Answer } from '../../platforms/answer.ts';
import { containersOf } from '../../platforms/compose/containers.ts';
import { type Machine, machineOf } from '../../platforms/machine.ts';
import { type Login, loginIn } from '../../platforms/postgres/login.ts';
import type { Session } from '../../platforms/postgres/session.ts';
import { blocked } from '../asking.ts';
import type { Deployment } from '../deployment.ts';
import { type Flags, fail, type Observation, type ProbeSpec } from '../probe.ts';

/** A database, and how the role of the service gets into it. */
export interface Ask {
  readonly database: Database;
  readonly project: string;
  readonly appMigrates: boolean;
  /** The variable that holds the service's URL. */
  readonly variable: string;
  /** A login that the environment gives; in compose the containers know it. */
  readonly login: Login | undefined;
  readonly machine: Machine | undefined;
}

const LOOPBACK = '127.0.0.1';
const TIMEOUT = 20_000;

/** Once, where there is a database; it says so where nobody gave it a way in. */
export function databaseSpecs({ model }: Deployment, flags: Flags, name: string): ProbeSpec<Ask>[] {
  if (!model?.database) return [];
  const data = askOf(model, model.database, flags);
  const given = data.login !== undefined || data.machine !== undefined;
  return [
    {
      name,
      data,
      timeout: TIMEOUT,
      ...(given
        ? {}
        : {
            skip: `${data.variable} is not in the environment, so nobody can log in as ${model.database.user}`,
          }),
    },
  ];
}

function askOf(model: Model, database: Database, { env, platform, hosts }: Flags): Ask {
  const secret = model.services.flatMap(({ secrets }) => secrets).find(({ from }) => from === 'database');
  const variable = secret?.name ?? 'DATABASE_URL';
  const base: Login = {
    host: database.host ?? LOOPBACK,
    port: database.port,
    user: database.user,
    password: env['DATABASE_PASSWORD'],
    database: database.name,
    tls: database.tls,
    ca: database.ca,
  };
  const url = env[variable];
  const beside = platform === 'compose' && database.host === undefined;
  return {
    database,
    project: model.name,
    appMigrates: database.migrations?.run !== 'command',
    variable,
    login: url ? loginIn(url, base) : base.password === undefined ? undefined : base,
    machine: beside ? machineOf(hosts[0]) : undefined,
  };
}

/** Logs in as the service does, and looks; what the server refuses is an answer too. */
export async function asService(
  ask: Ask,
  expected: string,
  signal: AbortSignal,
  look: (session: Session, login: Login) => Promise<Observation>,
): Promise<Observation> {
  const login = await findLogin(ask, signal);
  if (login.obstacle) return blocked(login.obstacle, expected);
  const { inDatabase, DatabaseError } = await import('../../platforms/postgres/session.ts');
  const limits = { signal, timeout: ask.database.connectTimeout };
  try {
    const { value, obstacle } = await inDatabase(login.value, limits, session => look(session, login.value));
    return obstacle ? blocked(obstacle, expected) : value;
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    return refused(error, login.value, expected);
  }
}

/** From the environment; else as the containers have it, at the address that the engine gave the database. */
async function findLogin(
  { login, machine, project, variable }: Ask,
  signal: AbortSignal,
): Promise<Answer<Login>> {
  if (login) return { value: login };
  const missing = (why: string) => ({ obstacle: { why, next: `set ${variable}, as the service has it` } });
  if (!machine) return missing(`${variable} is not in the environment`);
  const { value: containers, obstacle } = await containersOf(machine, project, { signal });
  if (obstacle) return { obstacle };
  const address = containers.find(({ service }) => service === 'db')?.addresses[0];
  const url = containers
    .flatMap(({ env }) => env)
    .find(each => each.startsWith(`${variable}=`))
    ?.slice(variable.length + 1);
  if (url === undefined || address === undefined)
    return missing(`no container of ${project} has ${variable}, or db has no address`);
  const base: Login = {
    host: address,
    port: 5432,
    user: '',
    password: undefined,
    database: '',
    tls: 'disable',
    ca: undefined,
  };
  const found = loginIn(url, base);
  const by = machine.host === undefined ? {} : { by: machine.host };
  return found
    ? { value: { ...found, host: address, ...by } }
    : missing(`${variable} is no address of a database`);
}

const ADVICE: Readonly<Record<string, string>> = {
  '28P01': 'give the service and the role the same password: deploy/database/roles.sql sets it',
  '28000': 'let this role in from here: pg_hba.conf of the server',
  '3D000': 'make it: createdb, then deploy/database/roles.sql',
  '42501': 'grant it: deploy/database/roles.sql',
  '53300': 'give each pool fewer connections, or raise max_connections: deploy/database/tuning.sql',
};

function refused(
  { message, code }: { message: string; code: string },
  { host, port, user, database }: Login,
  expected: string,
): Observation {
  return fail({
    observed: `${user}@${host}:${port}/${database}: ${message}`,
    expected,
    next: ADVICE[code] ?? `psql -h ${host} -p ${port} -U ${user} -d ${database} asks the same`,
  });
}
