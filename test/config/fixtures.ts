import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../fixtures', import.meta.url));

/** Every configuration under test/fixtures, by the name of its folder. */
export const FIXTURES: readonly { readonly name: string; readonly text: string }[] = readdirSync(root, {
  recursive: true,
  encoding: 'utf8',
})
  .filter(path => basename(path) === 'aideploy.yaml')
  .sort()
  .map(path => ({ name: basename(dirname(path)), text: readFileSync(join(root, path), 'utf8') }));

/** The smallest configuration; `more` stands below it at the top level. */
export const minimal = (more = ''): string => `version: 1
name: chat
services:
  api:
    language: go
    port: 8080
    health: {live: /live, ready: /ready}
${more}`;
