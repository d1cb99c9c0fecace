import * as z from 'zod';
import { cronFields } from './cron.ts';
import { pinnedImage } from './image.ts';
import {
  absolutePath,
  addressRange,
  duration,
  hostName,
  line,
  port,
  size,
  sqlName,
  variableName,
  version,
} from './scalars.ts';
import { oneOf, section } from './section.ts';

const backup = section({
  schedule: cronFields('0 2 * * *').default('0 2 * * *'),
  dir: absolutePath().optional().describe('Default: /backups/<name>.'),
  keepDays: z.int().min(1).default(30),
  keepAtLeast: z.int().min(1).default(7).describe('Good backups kept whatever their age.'),
  copyTo: z
    .array(line())
    .min(1)
    .optional()
    .describe('A command that copies a backup off the host; {} is its file.'),
  size: size()
    .optional()
    .describe('Kubernetes: of the volume that backups are kept in. Default: twice that of the database.'),
  image: pinnedImage()
    .optional()
    .describe(
      "Kubernetes: what backups are made in: bash, PostgreSQL's client, and age or the program that copies. Default: the database's image.",
    ),
  encrypt: section({
    age: line().regex(/^(?:age1|ssh-)[^\s]+$/, { error: 'an age recipient (age1...)' }),
  }).optional(),
});

const migrations = section({
  table: sqlName().default('schema_migrations'),
  run: oneOf('command', 'server')
    .default('server')
    .describe('command: as owner, before the deploy; server: by the program at its start.'),
  command: z.array(line()).min(1).optional(),
  files: line()
    .optional()
    .describe(
      'The folder of the migrations, from here: verify wants the newest of them applied, and a deploy in which none of them changed has none to run.',
    ),
  secret: variableName().default('DATABASE_OWNER_URL').describe("The secret that holds the owner's URL."),
});

export const database = section({
  engine: oneOf('postgres').default('postgres'),
  version: version().default('15'),
  host: hostName().optional().describe('Omitted: it runs beside the service.'),
  port: port().default(5432),
  name: sqlName(),
  user: sqlName().describe('The restricted role that the service uses.'),
  owner: sqlName().optional().describe('The role that runs migrations. Default: <user>_owner.'),
  tls: oneOf('disable', 'require', 'verify-ca', 'verify-full')
    .optional()
    .describe('Default: verify-full for a named host, disable beside the service.'),
  ca: absolutePath().optional(),
  cidr: addressRange().optional(),
  size: size()
    .default(10 * 2 ** 30)
    .describe('Kubernetes: of the volume of a database that runs beside the service.'),
  migrations: migrations.optional(),
  backup: backup.prefault({}),
  connectTimeout: duration().default(5_000),
});
