import type { DetectedService, Note, ThirdPartyService } from './detection.ts';
import { hostOfUrl } from './service/egress.ts';

interface Known {
  /** Omitted where it speaks no HTTP. */
  readonly health?: { live: string; ready: string };
  /** Whom the image's own data folder belongs to, where another user could not write there. */
  readonly user?: { uid: number; gid: number };
}

/** Images that many AI services run beside them. */
const known: [RegExp, Known][] = [
  [/(^|\/)ollama$/, { health: { live: '/', ready: '/api/tags' } }],
  [/(^|\/)qdrant$/, { health: { live: '/livez', ready: '/readyz' } }],
  [/(^|\/)weaviate$/, { health: { live: '/v1/.well-known/live', ready: '/v1/.well-known/ready' } }],
  [/(^|\/)chroma$/, { health: { live: '/api/v2/heartbeat', ready: '/api/v2/heartbeat' } }],
  [/(^|\/)(vllm-openai|vllm)$/, { health: { live: '/health', ready: '/health' } }],
  [/(^|\/)(redis|valkey)$/, { user: { uid: 999, gid: 1000 } }],
];

export function knownThirdParty(image: string): Known {
  const name = image.replace(/[:@].*$/, '');
  return known.find(([pattern]) => pattern.test(name))?.[1] ?? {};
}

/** A tag that names a version, or a digest. */
export function isPinned(image: string): boolean {
  return (
    !image.includes('$') &&
    (/@sha256:[0-9a-f]{64}$/.test(image) || (/:[\w][\w.-]*$/.test(image) && !/:latest$/.test(image)))
  );
}

/** Does a variable's default point at this service, by its name or by its port on this machine? */
export function isThirdPartyUrl(url: string | undefined, { key, port }: ThirdPartyService): boolean {
  const match = /^\w+:\/\/([^/:@]+)(?::(\d+))?/.exec(url ?? '');
  if (!match) return false;
  const [, host, given] = match;
  return (
    host === key ||
    (Boolean(hostOfUrl(`http://${host}`)?.local) && given !== undefined && Number(given) === port?.value)
  );
}

export function thirdPartyNotes(services: ThirdPartyService[]): Note[] {
  return services
    .filter(({ image }) => !isPinned(image.value))
    .map(({ key, image }) => ({
      message: `${image.value} names no version, so it is left out of the draft`,
      evidence: image.evidence,
      propose: `Pin it, and add it as services.${key} with image and port.`,
    }));
}

/** Variables that the program can't start without and that nothing gives a value. */
export function openVariables(services: DetectedService[]): Note[] {
  return services.flatMap(({ key, env }) => {
    const open = env.filter(
      variable => variable.required && !variable.secret && variable.default === undefined,
    );
    if (open.length === 0) return [];
    const names = open.map(({ name }) => name);
    return [
      {
        service: key,
        message: `${names.join(', ')} must be set: the program does not start without`,
        evidence: open.flatMap(({ evidence }) => evidence.slice(0, 1)),
        propose: `Give ${names.length > 1 ? 'them' : 'it'} under services.${key}.env.`,
      },
    ];
  });
}
