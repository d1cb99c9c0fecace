import type { Config, ServiceConfig } from '../schema/config.ts';
import { formatSize } from '../schema/scalars.ts';
import type { Contradiction } from './contradiction.ts';

type Settings = NonNullable<Config['targets']['cloudrun']>;

const GIB = 2 ** 30;
/** The least and the most memory for so many CPUs: https://cloud.google.com/run/docs/configuring/services/cpu */
const MEMORY: Readonly<Record<number, readonly [least: number, most: number]>> = {
  1000: [GIB / 8, 4 * GIB],
  2000: [GIB / 8, 8 * GIB],
  4000: [2 * GIB, 16 * GIB],
  6000: [4 * GIB, 24 * GIB],
  8000: [4 * GIB, 32 * GIB],
};
const LEAST_CPU = 80;
/** https://cloud.google.com/run/docs/configuring/services/gpu */
const GPU = { cpu: 4_000, memory: 16 * GIB };
/** Set by Cloud Run itself: https://cloud.google.com/run/docs/container-contract#env-vars */
const RESERVED = /^(?:K_SERVICE|K_REVISION|K_CONFIGURATION|CLOUD_RUN_.*|X_GOOGLE_.*)$/;

/** What Cloud Run refuses, or would do otherwise than the configuration says. */
export function cloudRunProblems(config: Config): Contradiction[] {
  const { cloudrun } = config.targets;
  if (!cloudrun) return [];
  const named = Object.entries(config.services).filter(([key]) => cloudrun.services?.includes(key) ?? true);
  const carried = named.filter(([, { language, kind }]) => language !== undefined && kind === 'http');
  return [
    ...settingProblems(cloudrun),
    ...(cloudrun.services ?? []).flatMap((key, i) => kindProblem(config.services[key], key, i)),
    ...carried.flatMap(([key, service]) => [
      ...memoryProblems(key, service, cloudrun),
      ...portProblems(key, service, cloudrun),
      ...environmentProblems(key, service, cloudrun),
      ...fileProblems(key, service),
    ]),
  ];
}

const at = (key: string) => ['targets', 'cloudrun', key];

function settingProblems({ cpu, concurrency, billing, vpcConnector, network }: Settings): Contradiction[] {
  const problems: Contradiction[] = [];
  if (cpu < 1_000 ? cpu < LEAST_CPU : !(cpu in MEMORY))
    problems.push({
      path: at('cpu'),
      message: 'Cloud Run gives 1, 2, 4, 6 or 8 CPUs, or a part of one from 80m',
      value: `${cpu}m`,
    });
  if (cpu < 1_000 && concurrency !== undefined && concurrency > 1)
    problems.push({
      path: at('concurrency'),
      message: 'with less than one CPU Cloud Run gives an instance one request at once',
      value: String(concurrency),
    });
  if (cpu < 1_000 && billing === 'instance')
    problems.push({
      path: at('billing'),
      message: 'with less than one CPU Cloud Run bills by request alone',
      value: billing,
    });
  if (vpcConnector !== null && network)
    problems.push({ path: at('network'), message: 'either a connector or a network, not both' });
  return problems;
}

function kindProblem(service: ServiceConfig | undefined, key: string, i: number): Contradiction[] {
  if (!service?.language || service.kind === 'http') return [];
  const message = `Cloud Run carries http services; ${key} is a ${service.kind}`;
  return [{ path: ['targets', 'cloudrun', 'services', i], message }];
}

function memoryProblems(key: string, { resources }: ServiceConfig, settings: Settings): Contradiction[] {
  const { cpu } = settings;
  const memory = settings.memory ?? resources.memory.limit ?? resources.memory.request ?? GIB / 2;
  const [least, most] = MEMORY[cpu] ?? [GIB / 8, cpu < 500 ? GIB / 2 : GIB];
  const place =
    settings.memory === undefined && (resources.memory.limit ?? resources.memory.request)
      ? ['services', key, 'resources', 'memory']
      : at(settings.memory === undefined ? 'cpu' : 'memory');
  const problems: Contradiction[] = [];
  if (memory < least || memory > most)
    problems.push({
      path: place,
      message: `with ${cpu / 1_000} CPU Cloud Run gives ${formatSize(least)} to ${formatSize(most)} of memory`,
      value: formatSize(memory),
    });
  if (resources.gpu && (cpu < GPU.cpu || memory < GPU.memory || settings.billing !== 'instance'))
    problems.push({
      path: ['services', key, 'resources', 'gpu'],
      message:
        'on Cloud Run a GPU needs targets.cloudrun with cpu: 4 or more, memory: 16Gi or more and billing: instance',
    });
  return problems;
}

function portProblems(key: string, { grpc }: ServiceConfig, { port }: Settings): Contradiction[] {
  if (port !== 'grpc') return [];
  if (!grpc) return [{ path: at('port'), message: `${key} has no grpc`, value: port }];
  if (!grpc.tls) return [];
  return [
    {
      path: ['services', key, 'grpc', 'tls'],
      message: 'Cloud Run ends TLS itself and speaks unencrypted HTTP/2 to the program',
    },
  ];
}

function environmentProblems(key: string, service: ServiceConfig, { port }: Settings): Contradiction[] {
  const { env, secrets, grpc } = service;
  const called = port === 'grpc' ? grpc?.port : service.port;
  const own = port === 'grpc' ? 'grpc.port' : 'port';
  const problems: Contradiction[] = [...Object.keys(env), ...secrets.map(({ name }) => name)]
    .filter(name => RESERVED.test(name))
    .map(name => ({ path: ['services', key], message: `Cloud Run sets ${name} itself` }));
  const [piece, ...more] = env['PORT'] ?? [];
  if (!piece) return problems;
  const said = 'literal' in piece ? piece.literal : piece.reference;
  if (more.length > 0 || (said !== own && said !== String(called)))
    problems.push({
      path: ['services', key, 'env', 'PORT'],
      message: `Cloud Run sets PORT to the port that it calls, ${called}; give this one another name`,
      value: 'literal' in piece ? said : `\${${said}}`,
    });
  return problems;
}

/** Each file is a secret of its own, and a secret is mounted as a folder. */
function fileProblems(key: string, { files, volumes }: ServiceConfig): Contradiction[] {
  const folders = [
    ...volumes.map(({ path }) => path.replace(/\/+$/, '')),
    ...files.map(({ path }) => path.slice(0, path.lastIndexOf('/'))),
  ];
  return files.flatMap(({ path }, i): Contradiction[] => {
    const place = ['services', key, 'files', i, 'path'];
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (/^(?:|\/dev|\/proc|\/sys)$/.test(folder))
      return [
        {
          path: place,
          message: 'Cloud Run mounts no file here; put it into a folder of its own',
          value: path,
        },
      ];
    const first = folders.indexOf(folder);
    return first < volumes.length + i
      ? [
          {
            path: place,
            message: 'Cloud Run mounts one file a folder; put it into a folder of its own',
            value: path,
          },
        ]
      : [];
  });
}
