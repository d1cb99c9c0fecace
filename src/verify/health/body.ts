import { type Meaning, meaningOf, meaningOfText } from './words.ts';

/** What a health body says. `says` are the places that decided, such as `checks.db is "down"`. */
export interface Reading {
  /** `silent`: nothing about health, so the status code alone counts. */
  readonly meaning: Meaning | 'silent' | 'unreadable' | 'page';
  readonly says: string;
}

/** What a question is about: a live service may have a dependency that is down. */
export type Aspect = 'live' | 'ready' | 'startup' | 'deep';

const STATUS_KEYS =
  /^(?:status|state|health|healthy|ok|okay|ready|alive|live|up|available|passing|success|result|outcome)$/i;
const PART_KEYS =
  /^(?:checks?|components?|dependenc(?:y|ies)|details?|services?|probes?|indicators?|results?|entries|liveness|readiness|startup|health|data)$/i;
/** Parts that say nothing of whether the process lives. */
const NOT_OF_LIFE = /^(?:readiness|startup|dependenc(?:y|ies))$/i;
const DEEPEST = 8;
const MOST = 2_000;

interface Found {
  readonly place: string;
  readonly meaning: Meaning;
  readonly value: string;
}

export function readBody(text: string, contentType: string, aspect: Aspect): Reading {
  const body = text.trim();
  if (body === '') return { meaning: 'silent', says: 'an empty body' };
  if (/^<(?:!doctype|html|head|body|\?xml)/i.test(body) || /html/i.test(contentType)) return readPage(body);
  const claimsJson = /json/i.test(contentType);
  if (!claimsJson && !/^[[{"]|^(?:true|false|null)$/.test(body)) return readText(body);
  try {
    return readJson(JSON.parse(body), aspect);
  } catch {
    return claimsJson || /^[[{]/.test(body)
      ? { meaning: 'unreadable', says: 'JSON that is not valid' }
      : readText(body);
  }
}

/** A page may be somebody's front door; that it is an error page, its title says. */
function readPage(body: string): Reading {
  const title = /<title[^>]*>([^<]*)/i.exec(body)?.[1] ?? /<h1[^>]*>([^<]*)/i.exec(body)?.[1] ?? '';
  return {
    meaning: 'page',
    says: `an HTML page${title.trim() === '' ? '' : ` titled "${title.trim().slice(0, 80)}"`}`,
  };
}

function readText(body: string): Reading {
  const meaning = meaningOfText(body.slice(0, 2_000));
  return { meaning: meaning ?? 'silent', says: `"${body.slice(0, 80)}"` };
}

function readJson(value: unknown, aspect: Aspect): Reading {
  const found: Found[] = [];
  if (typeof value === 'object' && value !== null) collect(value, '', aspect, 0, found);
  else found.push(...statusOf(value, 'the body'));
  const decisive = (['bad', 'soon', 'partly', 'good'] as const)
    .map(meaning => found.filter(each => each.meaning === meaning))
    .find(each => each.length > 0);
  if (!decisive?.[0]) return { meaning: 'silent', says: 'nothing of its health' };
  const says = decisive.slice(0, 3).map(({ place, value: said }) => `${place} is ${said}`);
  return { meaning: decisive[0].meaning, says: says.join(', ') };
}

function collect(node: object, at: string, aspect: Aspect, depth: number, found: Found[]): void {
  if (depth > DEEPEST || isOptional(node)) return;
  for (const [key, value] of Object.entries(node).slice(0, MOST)) {
    const place = at === '' ? key : `${at}.${nameOf(value) ?? key}`;
    if (aspect === 'live' && NOT_OF_LIFE.test(key)) continue;
    const inParts = depth > 0 && isPartsOf(at);
    if (typeof value !== 'object' || value === null) {
      if (STATUS_KEYS.test(key) || inParts) found.push(...statusOf(value, place));
      else if (/^errors?$/i.test(key) && typeof value === 'string' && value !== '')
        found.push({ place, meaning: 'bad', value: show(value) });
    } else if (PART_KEYS.test(key) || inParts || Array.isArray(node))
      collect(value, place, aspect, depth + 1, found);
    if (found.length > MOST) return;
  }
}

/** Below `checks` every name is a check. */
const isPartsOf = (place: string) => PART_KEYS.test(place.split('.').at(-1) ?? '');

const nameOf = (value: unknown) => {
  const { name } = (value ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name.slice(0, 60) : undefined;
};

/** A check that says of itself that nothing depends on it. */
function isOptional(node: object): boolean {
  const { critical, required, optional } = node as Record<string, unknown>;
  return critical === false || required === false || optional === true;
}

function statusOf(value: unknown, place: string): Found[] {
  const meaning = meaningOfValue(value);
  return meaning ? [{ place, meaning, value: show(value) }] : [];
}

function meaningOfValue(value: unknown): Meaning | undefined {
  if (typeof value === 'boolean') return value ? 'good' : 'bad';
  if (typeof value === 'string') return meaningOf(value);
  // An HTTP status that is repeated in the body.
  if (typeof value === 'number' && value >= 100 && value < 600) return value < 400 ? 'good' : 'bad';
  return undefined;
}

const show = (value: unknown) => JSON.stringify(value).slice(0, 100);
