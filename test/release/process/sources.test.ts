import { expect, test } from 'vitest';
import { isBuilt } from '../../../src/model/model.ts';
import { sourcesOf } from '../../../src/release/strategies/process/sources.ts';
import { project } from '../../cli/run.ts';
import { modelOf } from '../../model/models.ts';

const TWO = `version: 1
name: chat
services:
  api:
    language: python
    build: {context: api, main: "main:app"}
    port: 8000
    health: {live: /live, ready: /ready}
    files: [{path: /etc/chat/prompts.yaml, source: shared/prompts.yaml}]
  web:
    language: node
    build: {context: ./web, main: dist/server.js}
    port: 3000
    health: {live: /live, ready: /ready}
`;

test('a release of plain processes is what its services are made of and read, and nothing else', async () => {
  const needed = {
    'api/main.py': 'app = 1\n',
    'api/llm/client.py': 'x = 1\n',
    'api/requirements.txt': 'uvicorn\n',
    'shared/prompts.yaml': 'hello: Hi\n',
    'web/package.json': '{}\n',
    'web/dist/server.js': '\n',
    'web/prompts/system.md': 'Be kind.\n',
  };
  const root = await project({
    ...needed,
    'aideploy.yaml': TWO,
    'README.md': '# Chat\n',
    'notes/prices.txt': '12\n',
    'shared/other.yaml': 'a: 1\n',
    'api/tests/test_main.py': '\n',
    'api/test_main.py': '\n',
    'api/Dockerfile': 'FROM scratch\n',
    'api/.env': 'KEY=secret\n',
    'web/README.md': '# Web\n',
    'web/build/other.js': '\n',
    'web/src/server.test.js': '\n',
    'web/node_modules/express/index.js': '\n',
    'deploy/RUNBOOK.md': '\n',
  });
  const { value } = await sourcesOf(root, modelOf(TWO).services.filter(isBuilt));
  expect(Object.fromEntries((value ?? []).map(({ path, content }) => [path, content]))).toEqual(needed);
});
