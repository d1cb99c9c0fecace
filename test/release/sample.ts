import type { Release } from '../../src/release/release.ts';

/** A release in which nothing is of interest but what a test says. */
export const releaseOf = (id: string, changes: Partial<Release> = {}): Release => ({
  version: 1,
  id,
  sequence: 1,
  platform: 'process',
  environment: null,
  tag: id,
  images: {},
  checksums: {},
  files: {},
  secrets: {},
  configuration: 'c0ffee',
  content: 'f00d',
  migration: 'none',
  commit: null,
  at: '2026-01-02T03:04:05.000Z',
  by: 'somebody@somewhere',
  previous: null,
  status: 'unverified',
  ...changes,
});
