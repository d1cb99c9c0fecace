import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

const root = fileURLToPath(new URL('../fixtures', import.meta.url));

/** Every configuration under test/fixtures, by the name of its folder. */
export const FIXTURES: readonly { readonly name: string; readonly text: string }[] = readdirSync(root, {
  recursive: true,
  encoding: 'utf8',
})
  .filter(path => basename(path) === 'aideploy.yaml')
  .sort()
  .map(path => ({ name: basename(dirname(path)), text: readFileSync(join(root, path), 'utf8') }));

/** The smallest configuration; `service` stands in its service from line 8 on, `more` below it at the top level. */
export const minimal = (more = '', service = ''): string => `version: 1
name: chat
services:
  api:
    language: go
    port: 8080
    health: {live: /live, ready: /ready}
${service === '' ? '' : `    ${service}\n`}${more}`;

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What a person reads about a file, line by line, without the file's name; nothing where it is right. */
export function messagesOf(file: string | Uint8Array): string[] {
  try {
    loadConfig('aideploy.yaml', typeof file === 'string' ? bytes(file) : file);
  } catch (error) {
    if (error instanceof ConfigError)
      return error.message.split('\n').map(line => line.replace(/^aideploy\.yaml:/, ''));
    throw error;
  }
  return [];
}
