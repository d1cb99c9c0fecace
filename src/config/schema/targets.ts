import * as z from 'zod';
import {
  absolutePath,
  addressRange,
  cpu,
  dnsLabel,
  line,
  quotedVersion,
  size,
  systemUser,
} from './scalars.ts';
import { oneOf, oneOfMessage, section } from './section.ts';

/** Which services the target carries; all that it can carry when omitted. */
const services = z
  .array(dnsLabel(31))
  .min(1)
  .optional()
  .describe('Default: all services that this target can carry.');

const resourceName = () =>
  line().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]*$/, { error: 'letters, digits, . _ - and / only' });

const projectId = () =>
  line().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, {
    error: 'a project id: 6 to 30 lower-case letters, digits and hyphens',
  });

/** Each form has its kind, and a wrong one is told all of them. */
const exposeKind = <const Kind extends string>(kind: Kind) =>
  z.literal(kind, { error: ({ input }) => oneOfMessage(['gateway', 'ingress', 'none'], input) });

const EXPOSE =
  'one of {kind: gateway, gateway: infra/public}, {kind: ingress, class: nginx, issuer: letsencrypt, auth: basic} and none';
const formOf = (...keys: string[]) => ({ keys, forms: EXPOSE });

const controller = () =>
  dnsLabel(63)
    .optional()
    .describe(
      "The namespace of the proxy's pods, which network policies let in. Default: the Gateway's, ingress-nginx or traefik.",
    );

const expose = z.union(
  [
    section(
      {
        kind: exposeKind('gateway').default('gateway'),
        gateway: line().regex(/^[a-z0-9-]+(?:\/[a-z0-9-]+)?$/, { error: '<namespace>/<gateway>' }),
        issuer: dnsLabel(63).optional(),
        implementation: oneOf('any', 'envoy')
          .default('any')
          .describe(
            'envoy: Envoy Gateway, whose own objects hold the limits of bodies, rates and concurrency, which the Gateway API lacks.',
          ),
        controller: controller(),
      },
      formOf('class', 'auth'),
    ),
    section(
      {
        kind: exposeKind('ingress'),
        class: oneOf('nginx', 'traefik').default('nginx'),
        issuer: dnsLabel(63).optional(),
        auth: oneOf('none', 'basic').default('none'),
        controller: controller(),
      },
      formOf('gateway', 'implementation'),
    ),
    section(
      { kind: exposeKind('none') },
      formOf('gateway', 'class', 'issuer', 'auth', 'controller', 'implementation'),
    ),
    z.literal('none').transform(() => ({ kind: 'none' as const })),
  ],
  { error: EXPOSE },
);

export const targets = section({
  docker: section({ services }).optional(),
  compose: section({
    services,
    secrets: oneOf('env', 'files')
      .default('env')
      .describe('env: variables from .env; files: mounted at /run/secrets, named by <NAME>_FILE.'),
  }).optional(),
  systemd: section({
    services,
    user: systemUser().optional().describe('Default: the name.'),
    dir: absolutePath().optional().describe('Default: /opt/<name>.'),
    config: absolutePath().optional().describe('Default: /etc/<name>.'),
    keepReleases: z.int().min(2).default(5),
    credentials: oneOf('environment', 'files')
      .default('environment')
      .describe('files: LoadCredential instead of an EnvironmentFile.'),
    instances: z.int().min(1).max(2).default(1).describe('2: a restart is no outage.'),
    notify: z
      .array(dnsLabel(31))
      .default([])
      .describe('Services whose program tells systemd when it is ready (sd_notify); gunicorn always does.'),
    log: oneOf('journal', 'file')
      .default('journal')
      .describe('file: /var/log/<name>, rotated by logrotate, instead of the journal.'),
    loopbackOnly: z
      .boolean()
      .default(false)
      .describe("Services that declare no egress reach no address but this machine's own."),
    version: z.int().min(250).default(252).describe('Of systemd on the host; later ones know more settings.'),
  }).optional(),
  nginx: section({
    services,
    certificate: absolutePath()
      .optional()
      .describe(
        'The certificate with its chain; ${domain} in it is the domain. Default: where certbot keeps it. In an environment, and with acme, a path of certbot follows the domain.',
      ),
    key: absolutePath().optional().describe("The certificate's key; its path as that of the certificate."),
    acme: z.boolean().default(true),
    version: quotedVersion(/^\d+\.\d+(?:\.\d+)?$/, '1.22').default('1.22'),
    ipv6: z.boolean().default(true).describe('Listen on IPv6 too; false on a host that has none.'),
    hsts: oneOf('host', 'subdomains', 'off')
      .optional()
      .describe(
        'Browsers keep to HTTPS for a year: for this host, or for all below it too. Default: host for a domain such as example.com, subdomains for a longer one.',
      ),
    trustedProxies: z
      .array(addressRange())
      .default([])
      .describe('Address ranges of proxies before this one, which are believed who the client is.'),
  }).optional(),
  windows: section({
    services,
    dir: line()
      .regex(/^[A-Za-z]:\\[^"<>|?*%]*$/, { error: "a Windows path such as 'C:\\Program Files\\Chatbot'" })
      .optional(),
    as: oneOf('nssm', 'task')
      .default('nssm')
      .describe(
        'nssm: services, by nssm.exe; task: scheduled tasks, where no other program may be installed.',
      ),
    keepReleases: z.int().min(2).default(5).describe('How many releases stay on the machine to go back to.'),
  }).optional(),
  kubernetes: section({
    services,
    namespace: dnsLabel(63).optional(),
    expose: expose.optional(),
    networkPolicy: z.boolean().default(true),
    monitor: z.boolean().default(true),
    priorityClass: line()
      .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, { error: 'the name of a PriorityClass of the cluster' })
      .optional()
      .describe("The PriorityClass of its pods; the cluster's default when omitted."),
    pullSecret: dnsLabel(63)
      .optional()
      .describe('The Secret that opens the registry of the images, made by you in each namespace.'),
    storageClass: line()
      .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/, { error: 'the name of a StorageClass of the cluster' })
      .optional()
      .describe("The StorageClass of its volumes; the cluster's default when omitted."),
    gke: section({
      project: projectId(),
      cluster: dnsLabel(40),
      location: line().regex(/^[a-z]+-[a-z]+\d+(?:-[a-z])?$/, {
        error: 'a region or zone such as us-central1-a',
      }),
    })
      .optional()
      .describe('The GKE cluster that the deploy workflow asks for credentials.'),
    version: quotedVersion(/^1\.\d+$/, '1.34')
      .refine(value => Number(value.slice(2)) >= 30, {
        error: '1.30 or later: earlier ones have no sleep action',
      })
      .default('1.34'),
  }).optional(),
  cloudrun: section({
    services,
    project: projectId(),
    region: line().regex(/^[a-z]+-[a-z]+\d+$/, { error: 'a region such as us-central1' }),
    serviceAccount: line()
      .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9](?:@[a-z0-9.-]+\.gserviceaccount\.com)?$/, {
        error:
          'a service account: its id, 6 to 30 lower-case letters, digits and hyphens, or its whole address',
      })
      .optional(),
    invokers: z
      .array(
        line().regex(/^(?:user|group|serviceAccount|domain):[^\s]+$/, {
          error: 'a member such as serviceAccount:caller@project.iam.gserviceaccount.com',
        }),
      )
      .default([]),
    public: z.boolean().default(false),
    min: z.int().min(0).default(0),
    max: z.int().min(1).default(10),
    cpu: cpu().default(1000),
    memory: size().optional(),
    concurrency: z.int().min(1).max(1000).optional(),
    ingress: oneOf('all', 'internal', 'internal-and-cloud-load-balancing').default('all'),
    vpcConnector: resourceName().nullable().default(null),
    network: section({ network: resourceName().default('default'), subnet: resourceName() })
      .optional()
      .describe('Reaches private addresses directly through this subnet, without a connector.'),
    billing: oneOf('request', 'instance')
      .default('request')
      .describe(
        'instance: CPU outside of requests too, for work that goes on in the background; needed with a GPU.',
      ),
    port: oneOf('http', 'grpc').default('http'),
  }).optional(),
  github: section({
    services,
    workflows: z
      .array(oneOf('ci', 'release', 'deploy-k8s', 'deploy-cloudrun'))
      .min(1)
      .default(['ci', 'release']),
    branch: line()
      .regex(/^[A-Za-z0-9._/-]+$/, { error: 'a branch name' })
      .default('main'),
  }).optional(),
  backup: section({ services }).optional(),
  monitoring: section({
    services,
    platform: oneOf('host', 'compose', 'kubernetes', 'outside')
      .optional()
      .describe(
        'Where Prometheus finds the services. Default: host with systemd, else compose, else kubernetes; outside knows the public URL only.',
      ),
  }).optional(),
  database: section({ services }).optional(),
  env: section({ services }).optional(),
  runbook: section({ services }).optional(),
});
