import { expect, test } from 'vitest';
import { isSecretName, looksSecret, showLine } from '../../src/detect/evidence.ts';
import { label } from '../../src/detect/names.ts';
import { arithmetic } from '../../src/detect/program/scan.ts';
import { address, duration, size } from '../../src/detect/service/quantities.ts';

test.each([
  ['30s', '', '30s'],
  ['1m30s', '', '90s'],
  ['5m', '', '5m'],
  ['1h30m', '', '1h30m'],
  ['500ms', '', '500ms'],
  ['30', 'SHUTDOWN_TIMEOUT', '30s'],
  ['30', 'DRAIN_MS', '30ms'],
  ['25000', 'DRAIN', '25s'],
  ['2', 'WAIT_MINUTES', '2m'],
  ['0', '', undefined],
  ['soon', '', undefined],
  [undefined, '', undefined],
])('duration %s (%s) is %s', (text, name, expected) => {
  expect(duration(text, name)).toBe(expected);
});

test.each([
  ['1048576', '1Mi'],
  ['1mb', '1Mi'],
  ['10000000', '10M'],
  ['512kb', '512Ki'],
  ['12', undefined],
])('size %s is %s', (text, expected) => {
  expect(size(text)).toBe(expected);
});

test.each([
  [':8080', 8080],
  ['0.0.0.0:80', 80],
  ['[::]:50051', 50051],
  ['8080', 8080],
  ['tcp://:9000', 9000],
  ['70000', undefined],
  ['/run/app.sock', undefined],
])('address %s has port %s', (text, expected) => {
  expect(address(text)?.port).toBe(expected);
});

test.each([
  ['1 << 20', 1048576],
  ['10 * 1024 * 1024', 10485760],
  ['30_000', 30000],
  ['1 + x', undefined],
])('%s is %s', (text, expected) => {
  expect(arithmetic(text)).toBe(expected);
});

test.each([
  ['OPENAI_API_KEY', true],
  ['DB_PASSWORD', true],
  ['DATABASE_URL', true],
  ['REDIS_URL', true],
  ['SLACK_WEBHOOK_URL', true],
  ['MAX_TOKENS', false],
  ['TOKEN_LIMIT', false],
  ['TLS_KEY_FILE', false],
  ['LLM_BASE_URL', false],
  ['PORT', false],
])('%s is secret: %s', (name, expected) => {
  expect(isSecretName(name)).toBe(expected);
});

test.each([
  ['apiKey := "sk-live-0123456789"', undefined],
  ['password = "hunter2"', undefined],
  ['os.Getenv("OPENAI_API_KEY")', 'os.Getenv("OPENAI_API_KEY")'],
  ['url = "postgres://u:p@h/d"', undefined],
  ['TOKEN=abc', undefined],
])('the line %s is shown as %s', (line, expected) => {
  expect(showLine(line)).toBe(expected);
});

test('credentials are known by their form', () => {
  expect(looksSecret('ghp_0123456789abcdef')).toBe(true);
  expect(looksSecret('http://localhost:11434')).toBe(false);
});

test.each([
  ['github.com/Acme/ChatBot', 'github-com-acme-chat-bot'],
  ['9lives', 'lives'],
  ['___', 'service'],
  ['x'.repeat(40), 'x'.repeat(31)],
])('label of %s is %s', (name, expected) => {
  expect(label(name, 'service')).toBe(expected);
});
