import type { ExistingCompose, ThirdPartyService } from '../detection.ts';
import { finding, isSecretName, lineEvidence, looksSecret } from '../evidence.ts';
import { label } from '../names.ts';
import { imageParts, list, readYaml, record, string, type YamlDocument } from './yaml.ts';

interface ComposeReading {
  compose: ExistingCompose;
  thirdParty: ThirdPartyService[];
  databases: {
    version?: string | undefined;
    name?: string | undefined;
    user?: string | undefined;
    line: number;
    text: string;
  }[];
}

/** Proxies, whose place our own take, and tools of development. */
function isTool(image: string): boolean {
  return /(^|\/)(traefik|nginx|caddy|haproxy|envoy|adminer|pgadmin4?|mailcatcher|mailhog|mailpit|phpmyadmin|redis-commander|mongo-express|portainer|watchtower|certbot|localstack)([:@]|$)/.test(
    image,
  );
}

type ComposeService = ExistingCompose['services'][number];

export function readCompose(path: string, text: string): ComposeReading | undefined {
  const [document] = readYaml(text);
  const services = record(record(document?.data)['services']);
  if (!document || Object.keys(services).length === 0) return undefined;
  const reading: ComposeReading = { compose: { file: path, services: [] }, thirdParty: [], databases: [] };
  for (const [name, raw] of Object.entries(services)) {
    const service = record(raw);
    const read = serviceOf(name, service, path, text, document);
    reading.compose.services.push(read);
    if (read.build !== undefined || !read.image || isTool(read.image)) continue;
    const { name: image, tag } = imageParts(read.image);
    if (/(^|\/)(postgres|postgresql|pgvector|timescaledb(-ha)?|postgis)$/.test(image)) {
      const values = environment(service['environment']);
      const line = document.lineOf(['services', name, 'image']);
      // postgres:16.4-alpine, pgvector/pgvector:pg16
      reading.databases.push({
        version: /(\d+)/.exec(tag ?? '')?.[1],
        name: fixed(values.get('POSTGRES_DB')),
        user: fixed(values.get('POSTGRES_USER')),
        line,
        text,
      });
    } else reading.thirdParty.push(thirdPartyOf(name, read.image, service, read, path, text, document));
  }
  return reading;
}

function serviceOf(
  name: string,
  service: Record<string, unknown>,
  path: string,
  text: string,
  document: YamlDocument,
): ComposeService {
  const build = service['build'];
  const context = string(build) ?? string(record(build)['context']) ?? (build ? '.' : undefined);
  const dockerfile = string(record(build)['dockerfile']);
  const image = string(service['image'])?.replace(/\$\{\w+:?-([^}]*)\}/g, '$1');
  const command = service['command'];
  const given = Array.isArray(command) ? command.map(String) : string(command)?.split(/\s+/);
  return {
    name,
    ...(image ? { image } : {}),
    ...(context ? { build: context } : {}),
    ...(dockerfile ? { dockerfile } : {}),
    ports: list(service['ports']).flatMap(portOf),
    env: [...environment(service['environment']).keys()].sort(),
    ...(given ? { command: given } : {}),
    evidence: lineEvidence({ path, text }, document.lineOf(['services', name])),
  };
}

/** `"8080:80"`, `"127.0.0.1:8080:80/tcp"`, `"${PORT:-8080}:80"`, the long form. */
function portOf(value: unknown): { host?: number; container: number }[] {
  const long = record(value);
  const [host, container] = string(value)
    ? ((value: string) => {
        const parts = value
          .replace(/\$\{\w+:?-(\d+)\}/g, '$1')
          .replace(/\/\w+$/, '')
          .split(':');
        return [Number(parts.at(-2)), Number(parts.at(-1))];
      })(String(value))
    : [Number(long['published']), Number(long['target'])];
  return container && Number.isInteger(container)
    ? [{ ...(host && Number.isInteger(host) ? { host } : {}), container }]
    : [];
}

function environment(value: unknown): Map<string, string | undefined> {
  if (Array.isArray(value)) {
    return new Map(
      value
        .map(each => String(each))
        .map(each => [
          each.split('=')[0] ?? each,
          each.includes('=') ? each.slice(each.indexOf('=') + 1) : undefined,
        ]),
    );
  }
  return new Map(
    Object.entries(record(value)).map(([key, given]) => [key, given === null ? undefined : String(given)]),
  );
}

/** A value that doesn't depend on the caller's environment. */
function fixed(value: string | undefined): string | undefined {
  const plain = value?.replace(/\$\{\w+:?-([^}]*)\}/g, '$1');
  return plain && !plain.includes('$') ? plain : undefined;
}

const usualPorts: [RegExp, number][] = [
  [/ollama/, 11434],
  [/qdrant/, 6333],
  [/redis|valkey/, 6379],
  [/chroma/, 8000],
  [/weaviate/, 8080],
  [/vllm/, 8000],
  [/rabbitmq/, 5672],
  [/nats/, 4222],
  [/jaeger|otel/, 4318],
  [/minio/, 9000],
];

function thirdPartyOf(
  name: string,
  image: string,
  service: Record<string, unknown>,
  read: ComposeService,
  path: string,
  text: string,
  document: YamlDocument,
): ThirdPartyService {
  const line = document.lineOf(['services', name, 'image']);
  const evidence = lineEvidence({ path, text }, line);
  const usual = usualPorts.find(([pattern]) => pattern.test(imageParts(image).name))?.[1];
  const port = read.ports[0]?.container ?? usual;
  const env = [...environment(service['environment'])].flatMap(([key, value]) => {
    const plain = fixed(value);
    return plain && !isSecretName(key) && !looksSecret(plain) ? [[key, plain] as const] : [];
  });
  return {
    key: label(name, 'service'),
    image: finding(image, evidence),
    ...(port ? { port: finding(port, evidence, read.ports[0] ? 'certain' : 'likely') } : {}),
    env: Object.fromEntries(env),
    volumes: list(service['volumes']).flatMap(volumeOf),
    evidence: [evidence],
  };
}

/** Named volumes; a folder of the host is the host's own business. */
function volumeOf(value: unknown): { name: string; path: string }[] {
  const [name = '', path = ''] =
    typeof value === 'string'
      ? value.split(':')
      : [string(record(value)['source']) ?? '', string(record(value)['target']) ?? ''];
  return /^[A-Za-z0-9][\w-]*$/.test(name) && path.startsWith('/')
    ? [{ name: label(name, 'data'), path }]
    : [];
}
