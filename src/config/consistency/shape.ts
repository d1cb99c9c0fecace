import type { Config, ServiceConfig } from '../schema/config.ts';
import type { Contradiction } from './contradiction.ts';

/** What each kind of service must have and can't have. */
export function shapeProblems(config: Config): Contradiction[] {
  const services = Object.entries(config.services);
  return [
    ...services.flatMap(([name, service]) => [
      ...sourceProblems(name, service),
      ...kindProblems(name, service),
      ...listProblems(name, service),
    ]),
    ...publicProblems(services, config),
  ];
}

const at = (name: string, ...rest: (string | number)[]) => ['services', name, ...rest];

function sourceProblems(name: string, service: ServiceConfig): Contradiction[] {
  if (service.language && service.image)
    return [
      {
        path: at(name, 'image'),
        message: "a service is either built here (language) or somebody else's (image), not both",
      },
    ];
  if (!service.language && !service.image)
    return [
      {
        path: at(name),
        message: "say what it is: `language: go | python | node`, or `image: <somebody's image>:<tag>`",
      },
    ];
  if (service.language === 'python' && !service.build.main && service.kind === 'http')
    return [
      { path: at(name), message: 'a Python service needs build.main, its ASGI object, such as app.main:app' },
    ];
  if (
    service.language === 'python' &&
    service.build.main &&
    service.kind === 'http' &&
    !/^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$/.test(service.build.main)
  )
    return [
      {
        path: at(name, 'build', 'main'),
        message: 'a module and its object, such as app.main:app',
        value: service.build.main,
      },
    ];
  return [];
}

function kindProblems(name: string, service: ServiceConfig): Contradiction[] {
  const problems: Contradiction[] = [];
  if (service.kind === 'http') {
    if (service.port === undefined)
      problems.push({ path: at(name), message: 'an http service needs a port (or say kind: worker or job)' });
    // Somebody else's image, such as a cache, may serve no HTTP at all.
    if (!service.health && service.language)
      problems.push({ path: at(name), message: 'an http service needs health: {live: /path, ready: /path}' });
  } else {
    if (service.port !== undefined)
      problems.push({
        path: at(name, 'port'),
        message: `a ${service.kind} has no port (an http service has)`,
      });
    if (service.public)
      problems.push({
        path: at(name, 'public'),
        message: `a ${service.kind} cannot be public: it has no port`,
      });
    if (service.stream.kind !== 'none')
      problems.push({ path: at(name, 'stream'), message: `a ${service.kind} cannot stream: it has no port` });
  }
  if (service.grpc?.certificates && !service.grpc.tls)
    problems.push({
      path: at(name, 'grpc', 'certificates'),
      message: 'certificates are for a program that speaks TLS itself: say tls: true, or leave them out',
      value: service.grpc.certificates,
    });
  if (service.models.length > 0 && !service.image?.includes('ollama'))
    problems.push({
      path: at(name, 'models'),
      message:
        'only an Ollama fetches its models: this is for a service of an image such as ollama/ollama:0.12.6',
    });
  if (service.schedule && service.kind !== 'job')
    problems.push({ path: at(name, 'schedule'), message: 'only a job has a schedule' });
  if (service.kind === 'job' && !service.command && !service.build.main && !service.image)
    problems.push({ path: at(name), message: 'a job needs a command' });
  if (service.stream.kind !== 'none' && service.stream.paths.length === 0)
    problems.push({
      path: at(name, 'stream'),
      message: 'a stream needs its paths: they get their own timeouts and no buffering',
    });
  return problems;
}

/** Lists whose entries must differ from each other. */
function listProblems(name: string, service: ServiceConfig): Contradiction[] {
  return [
    ...repeated(service.secrets.map(secret => secret.name)).map(i => ({
      path: at(name, 'secrets', i),
      message: 'this secret is named twice',
    })),
    ...repeated(service.volumes.map(volume => volume.name)).map(i => ({
      path: at(name, 'volumes', i),
      message: 'two volumes of one name',
    })),
    ...repeated(service.volumes.map(volume => volume.path)).map(i => ({
      path: at(name, 'volumes', i),
      message: 'two volumes at one path',
    })),
    ...repeated(service.files.map(file => file.path)).map(i => ({
      path: at(name, 'files', i),
      message: 'two files at one path',
    })),
    ...repeated(service.smoke.map(smoke => smoke.name)).map(i => ({
      path: at(name, 'smoke', i),
      message: 'two smokes of one name',
    })),
    ...service.secrets.flatMap((secret, i) =>
      Object.hasOwn(service.env, secret.name)
        ? [{ path: at(name, 'secrets', i), message: `${secret.name} is both a secret and an env value` }]
        : [],
    ),
  ];
}

/** The places of entries that stood before. */
function repeated(values: readonly string[]): number[] {
  const seen = new Set<string>();
  return values.flatMap((value, i) => (seen.size === seen.add(value).size ? [i] : []));
}

function publicProblems(services: readonly [string, ServiceConfig][], config: Config): Contradiction[] {
  const places = services.flatMap(([name, service]) =>
    service.public === false ? [] : [{ name, path: service.public === true ? '/' : service.public }],
  );
  const problems: Contradiction[] = [];
  for (const [i, place] of places.entries()) {
    const first = places.findIndex(other => other.path.replace(/\/$/, '') === place.path.replace(/\/$/, ''));
    if (first < i)
      problems.push({
        path: at(place.name, 'public'),
        message: `${places[first]?.name} has this place already; name a path, such as public: /${place.name}`,
      });
  }
  if (places.length > 0 && !config.domain && config.targets.nginx)
    problems.push({
      path: at(places[0]?.name ?? '', 'public'),
      message: 'nginx serves a domain: add `domain: chat.example.com`',
    });
  return problems;
}
