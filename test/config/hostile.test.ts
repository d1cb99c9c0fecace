import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';
import { SEED } from '../render/runs.ts';
import { bytes, FIXTURES, messagesOf, minimal } from './fixtures.ts';

const deep = process.env['AIDEPLOY_DEEP'] === '1';
const runs = { numRuns: deep ? 20_000 : 400, seed: SEED, endOnFailure: true };

/** Milliseconds of this process's own work: a busy machine makes nothing slower by this clock. */
const worked = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** A file is read within a second, and its only error is a ConfigError with a place in the file. */
function read(file: Uint8Array): void {
  const start = worked();
  try {
    loadConfig('aideploy.yaml', file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { line, column, message } of error.problems) {
      expect(line).toBeGreaterThanOrEqual(1);
      expect(column).toBeGreaterThanOrEqual(1);
      expect(message).not.toMatch(/\n\s+at |\bInvalid input\b|RangeError|TypeError/);
    }
  }
  expect(worked() - start).toBeLessThan(1_000);
}

describe('bytes that are odd, and fine', () => {
  test.each<[string, string]>([
    ['a byte order mark', `\uFEFF${minimal()}`],
    ['Windows line ends', minimal().replaceAll('\n', '\r\n')],
    ['no newline at the end', minimal().trimEnd()],
    ['JSON', JSON.stringify({ version: 1, name: 'a', services: { b: { language: 'go', kind: 'worker' } } })],
    ['a document marker', `---\n${minimal()}...\n`],
    ['a YAML directive', `%YAML 1.2\n---\n${minimal()}`],
    [
      'anchors, aliases and merge keys',
      minimal('  web:\n    <<: *api\n    port: 81').replace('  api:', '  api: &api'),
    ],
    ['an empty target', minimal('targets:\n  docker:\n  compose:')],
    ['an empty environment', minimal('environments:\n  production:')],
    ['quoted CPU, as Kubernetes writes it', minimal('', 'resources: {cpu: {limit: "1.5"}}')],
    ['expose: none', minimal('targets: {kubernetes: {expose: none}}')],
    ['a service named constructor', minimal().replace('api:', 'constructor:')],
    ['a third party without HTTP health', minimal('  cache: {image: "redis:8.2", port: 6379}')],
  ])('%s', (_, text) => {
    expect(messagesOf(text)).toEqual([]);
  });
});

describe('bytes that are refused', () => {
  const nested = (open: string, close: string, depth: number) =>
    minimal(`patches: ${open.repeat(depth)}${close.repeat(depth)}`);
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefgh'[i]},`.repeat(9)}]`),
  ];
  const many = (line: (i: number) => string, count: number) =>
    Array.from({ length: count }, (_, i) => line(i)).join('\n');

  test.each<[string, string | Uint8Array, RegExp]>([
    ['not UTF-8', new Uint8Array([0x61, 0xff, 0xfe]), /^1:1: the file is not valid UTF-8/],
    ['UTF-16', new Uint8Array(Buffer.from(minimal(), 'utf16le')), /^(?:1:1|2:1): /],
    ['2 MiB', minimal(`# ${'x'.repeat(2 ** 21)}`), /^1:1: the file is larger than 128 KiB/],
    ['an alias bomb', bomb.join('\n'), /^1:1: the file repeats itself through its aliases/],
    [
      'an alias of itself',
      minimal('patches: &a [{file: x, set: {/a: *a}}]'),
      /^8:34: \*a stands inside of what it repeats/,
    ],
    ['lists in lists', nested('[', ']', 60), /nested more than 40 levels/],
    ['lists in lists beyond any stack', nested('[', ']', 50_000), /nested (?:more than 40 levels|too) deep/],
    [
      'mappings in mappings beyond any stack',
      nested('{a: ', '}', 20_000),
      /nested (?:more than 40 levels|too) deep/,
    ],
    ['blocks in blocks', many(i => `${' '.repeat(i)}a:`, 300), /nested more than 40 levels/],
    ['thousands of unknown keys', minimal(many(i => `k${i}: 1`, 12_000)), /unknown key "k0"/],
    [
      'thousands of services',
      minimal(many(i => `  s${i}: {language: go, kind: worker}`, 1_500)),
      /at most 100 services/,
    ],
    ['thousands of secrets twice', minimal('', `secrets: [${'A, '.repeat(40_000)}A]`), /named twice/],
    ['thousands of references', minimal('', `env: {A: "${'${x}'.repeat(30_000)}"}`), /refers to nothing/],
    [
      'a long word',
      minimal('', `env: {A: ${'a'.repeat(60_000)}, B: "${'eyJ-'.repeat(11_500)}"}`).replace('go', 'golong'),
      /one of go/,
    ],
    ['a long URL that is none', minimal(`domain: ${'a.'.repeat(60_000)}`), /a domain name/],
    [
      'a long image',
      minimal(`domain: ${'a-'.repeat(100)}`).replace('language: go', `image: ${'a_'.repeat(60_000)}!`),
      /not an image/,
    ],
  ])('%s', (_, file, message) => {
    const start = worked();
    const messages = messagesOf(file);
    expect(messages[0]).toMatch(message);
    expect(messages.length).toBeLessThanOrEqual(101);
    expect(worked() - start).toBeLessThan(1_500);
  });
});

describe('any bytes', { timeout: deep ? 1_800_000 : 60_000 }, () => {
  test('at random', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_000 }), read), runs);
  });

  test('that are text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }).map(bytes), read), runs);
  });

  test('that look like YAML', () => {
    const token = fc.constantFrom(
      ...'abk12 \n\t:-?,[]{}#&*!|>\'"%@`~<=$/\\.'.split(''),
      '\n  ',
      ': ',
      '- ',
      '&a ',
      '*a',
      '!!',
      '<<: ',
      '${',
      'services:\n  ',
      'env: ',
      '__proto__: ',
    );
    fc.assert(
      fc.property(
        fc.array(token, { maxLength: 120 }).map(all => bytes(minimal(all.join('')))),
        read,
      ),
      runs,
    );
  });

  test('that were a valid file until something changed', () => {
    const file = fc.constantFrom(...FIXTURES.map(fixture => fixture.text));
    const change = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(30),
      put: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('\n', ': ', '- ', '"', '{', ']', '&a ', '*a ', 'null', '1e400', '${x}', '\t'),
      ),
    });
    const mutated = fc.tuple(file, fc.array(change, { minLength: 1, maxLength: 4 })).map(([text, changes]) =>
      changes.reduce((rest, { at, cut, put }) => {
        const place = Math.floor(at * rest.length);
        return rest.slice(0, place) + put + rest.slice(place + cut);
      }, text),
    );
    fc.assert(fc.property(mutated.map(bytes), read), { ...runs, numRuns: runs.numRuns / 2 });
  });

  test('values of any shape under any key', () => {
    const key = fc.constantFrom(
      'name',
      'domain',
      'image',
      'services',
      'database',
      'observability',
      'targets',
      'environments',
      'verify',
      'patches',
      'check',
    );
    const property = fc.tuple(key, fc.jsonValue({ maxDepth: 4 })).map(([name, value]) => {
      const base = { version: 1, name: 'a', services: { api: { language: 'go', kind: 'worker' } } };
      return bytes(JSON.stringify({ ...base, [name]: value }));
    });
    fc.assert(fc.property(property, read), runs);
  });

  test('values of any shape under any key of a service', () => {
    const key = fc.constantFrom(
      'build',
      'args',
      'port',
      'metrics',
      'health',
      'stream',
      'timeouts',
      'resources',
      'scale',
      'env',
      'secrets',
      'smoke',
      'volumes',
      'public',
    );
    const property = fc.tuple(key, fc.jsonValue({ maxDepth: 4 })).map(([name, value]) =>
      bytes(
        JSON.stringify({
          version: 1,
          name: 'a',
          services: { api: { language: 'go', kind: 'worker', [name]: value } },
        }),
      ),
    );
    fc.assert(fc.property(property, read), runs);
  });
});
