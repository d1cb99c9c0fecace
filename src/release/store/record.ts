import type { Answer } from '../../platforms/answer.ts';
import type { Migration, Release, Status } from '../release.ts';

const STATUSES: readonly Status[] = ['unverified', 'verified', 'failed', 'superseded'];
const MIGRATIONS: readonly Migration[] = ['none', 'expand', 'contract', 'unmarked'];

/** One field a line: the scripts of a host read it with sed. */
export const recordText = (release: Release): string => `${JSON.stringify(release, undefined, 2)}\n`;

/**
 * A record as it was written by us or, with less in it, by the scripts of a host; undefined where it is torn.
 * What it is called by its folder is what it is.
 */
export const readRecord = (id: string, text: string): Release | undefined => recordFrom(id, objectIn(text));

export function recordFrom(
  id: string,
  record: Readonly<Record<string, unknown>> | undefined,
): Release | undefined {
  const status = STATUSES.find(known => known === record?.['status']);
  const sequence = record?.['sequence'];
  if (!record || !status || typeof sequence !== 'number' || record['id'] !== id) return undefined;
  const word = (name: string) => (typeof record[name] === 'string' ? record[name] : '');
  return {
    version: 1,
    id,
    sequence,
    platform: word('platform'),
    environment: word('environment') || null,
    tag: word('tag') || id.replace(/\+\d+$/, ''),
    images: words(record['images']),
    checksums: words(record['checksums']),
    files: words(record['files']),
    secrets: words(record['secrets']),
    configuration: word('configuration'),
    content: word('content'),
    migration: MIGRATIONS.find(known => known === record['migration']) ?? 'unmarked',
    ...(word('migrations') && { migrations: word('migrations') }),
    commit: word('commit') || null,
    at: word('at'),
    by: word('by'),
    previous: word('previous') || null,
    status,
  };
}

/** What was read for a release; none where its record is torn. */
export interface Read {
  readonly id: string;
  readonly release: Release | undefined;
}

/** A record that a crash or a full disk cut off belongs to no release that anybody could go back to. */
export function inOrder(records: readonly Read[]): Answer<readonly Release[]> {
  const torn = records.filter(({ release }) => !release);
  return {
    value: records
      .flatMap(({ release }) => release ?? [])
      .sort((a, b) => a.sequence - b.sequence || (a.id < b.id ? -1 : 1)),
    ...(torn.length > 0 && { notes: torn.map(({ id }) => `the record of ${id} is torn: it is left out`) }),
  };
}

export function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function words(value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(entries.filter(([, each]) => typeof each === 'string'));
}
