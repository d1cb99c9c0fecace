import * as z from 'zod';
import { database } from './database.ts';
import { image } from './image.ts';
import { observability } from './observability.ts';
import { dnsLabel, domainName, duration, line, projectPath } from './scalars.ts';
import { section } from './section.ts';
import { service } from './service.ts';
import { targets } from './targets.ts';

const pointer = () => z.string().regex(/^(?:\/[^\s]*)+$/, { error: 'a JSON pointer such as /spec/replicas' });

const patch = section({
  file: projectPath(),
  kind: line().optional().describe('Which object of a file with several.'),
  name: line().optional(),
  set: z.record(pointer(), z.json()).default({}),
  remove: z.array(pointer()).default([]),
});

const ignore = section({
  rule: line(),
  file: line().optional(),
  reason: line().describe('Required: why this finding is accepted.'),
  until: z.iso.date({ error: 'a date such as 2027-01-31' }).optional(),
});

export const verify = section({
  attempts: z.int().min(1).default(30),
  interval: duration().default(2_000),
  timeout: duration().default(5_000),
  samples: z.int().min(1).default(50),
  concurrency: z.int().min(1).default(5),
});

/** Checked whole once it is merged; what cannot be merged is refused here. */
const environment = z
  .record(z.string(), z.json(), {
    error: 'a mapping of what differs from the file, such as {domain: staging.example.com}',
  })
  .refine(own => !('environments' in own), { error: 'an environment has no environments of its own' })
  .refine(own => !('version' in own), { error: 'the version belongs to the whole file' });

/** The whole of aideploy.yaml after an environment was merged over it. */
export const config = section({
  version: z.literal(1, { error: "write `version: 1`, the version of this file's format" }),
  name: dnsLabel(31).describe('Names units, images, objects and users.'),
  domain: domainName().optional().describe('The public name.'),
  image: image.prefault({}),
  services: z
    .record(dnsLabel(31), service)
    .refine(all => Object.keys(all).length > 0, { error: 'at least one service is needed' })
    .refine(all => Object.keys(all).length <= 100, {
      error: 'at most 100 services; this is a deployment of another kind',
    }),
  database: database.optional(),
  observability: observability.prefault({}),
  targets: targets.default({ docker: {}, compose: { secrets: 'env' } }),
  environments: z
    .record(dnsLabel(31), environment.nullable())
    .default({})
    .describe('Each is merged over the file; -e picks one.'),
  verify: verify.prefault({}),
  patches: z.array(patch).default([]),
  check: section({ ignore: z.array(ignore).default([]) }).prefault({}),
});

export type Config = z.output<typeof config>;
export type ServiceConfig = Config['services'][string];
export type DatabaseConfig = NonNullable<Config['database']>;
export type TargetsConfig = Config['targets'];
export type Patch = Config['patches'][number];
