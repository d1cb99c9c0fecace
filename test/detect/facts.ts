import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { detect } from '../../src/detect/detect.ts';
import type { Detection, Evidence } from '../../src/detect/detection.ts';

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`./fixtures/${name}`, import.meta.url));
export const realService = (name: string): string =>
  fileURLToPath(new URL(`../services/${name}`, import.meta.url));

/**
 * What a case is expected to say: the path of a finding, and `value @ file:line file:line`. Every place named must
 * be among its evidence. `~` before the value: it is likely, not certain. `none`: nothing was found.
 */
export type Facts = Record<string, string>;

interface Shown {
  text: string;
  places: string[];
}

export async function expectFacts(root: string, facts: Facts): Promise<Detection> {
  const detection = await detect(root);
  const found = Object.fromEntries(
    Object.entries(facts).map(([path, expected]) => {
      const shown = show(lookUp(detection, path));
      const [text = '', places = ''] = expected.split(' @ ');
      const wanted = places.split(' ').filter(Boolean);
      const missing = wanted.filter(place => !shown.places.includes(place));
      return [path, shown.text === text && missing.length === 0 ? expected : written(shown)];
    }),
  );
  expect(found).toEqual(facts);
  return detection;
}

/** `api.port`, `api.env.PORT`, `api.routes.GET /health`, `database.version` */
function lookUp(detection: Detection, path: string): unknown {
  const [head = '', ...rest] = path.split('.');
  const service = detection.services.find(({ key }) => key === head);
  if (service && rest[0] === 'env') return service.env.find(({ name }) => name === rest[1]);
  if (service && rest[0] === 'routes')
    return service.routes.find(
      ({ value }) => `${value.method ?? 'ANY'} ${value.path}` === rest.slice(1).join('.'),
    );
  if (service && rest[0] === 'egress')
    return service.egress.find(({ value }) => value === rest.slice(1).join('.'));
  return rest.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    service ?? detection[head as keyof Detection],
  );
}

function show(value: unknown): Shown {
  if (value === undefined) return { text: 'none', places: [] };
  if (typeof value !== 'object' || value === null) return { text: String(value), places: [] };
  if (Array.isArray(value)) return { text: JSON.stringify(value), places: [] };
  const { evidence = [] } = value as { evidence?: Evidence[] };
  const places = evidence.map(({ file, line }) => `${file}:${line}`);
  if ('name' in value && 'secret' in value)
    return { text: variable(value as Detection['services'][number]['env'][number]), places };
  if (!('value' in value)) return { text: JSON.stringify({ ...value, evidence: undefined }), places };
  const text = typeof value.value === 'object' ? JSON.stringify(value.value) : String(value.value);
  return { text: ('confidence' in value && value.confidence === 'likely' ? '~' : '') + text, places };
}

function variable({
  default: fallback,
  required,
  secret,
}: Detection['services'][number]['env'][number]): string {
  return [secret ? 'secret' : `default ${fallback ?? 'none'}`, ...(required ? ['required'] : [])].join(', ');
}

function written({ text, places }: Shown): string {
  return places.length > 0 ? `${text} @ ${places.join(' ')}` : text;
}
