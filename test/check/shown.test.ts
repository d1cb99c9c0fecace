import { expect, test } from 'vitest';
import { shown } from '../../src/check/shown.ts';

test.each<[string, string]>([
  ['DB_PASSWORD=hunter22', 'DB_PASSWORD=[secret]'],
  ['  DB_PASSWORD: "hunter22"', '  DB_PASSWORD: "[secret]"'],
  ['{"api_key": "abcdef"}', '{"api_key": "[secret]"}'],
  ['nssm --password hunter22 --port 80', 'nssm --password [secret] --port 80'],
  ['ENV API_TOKEN abcdef', 'ENV API_TOKEN [secret]'],
  ['{A: 1, API_TOKEN: abcdef, B: 2}', '{A: 1, API_TOKEN: [secret], B: 2}'],
  ['url: postgres://app:hunter22@db/x', expect.not.stringContaining('hunter22') as unknown as string],
  ['DB_PASSWORD=${DB_PASSWORD:?}', 'DB_PASSWORD=${DB_PASSWORD:?}'],
  ['API_KEY still has the value changeme', 'API_KEY still has the value changeme'],
  ['stop_grace_period: 12s', 'stop_grace_period: 12s'],
  ['ssl_certificate_key /etc/ssl/key.pem;', 'ssl_certificate_key /etc/ssl/key.pem;'],
])('%s', (text, expected) => {
  expect(shown(text)).toEqual(expected);
});
