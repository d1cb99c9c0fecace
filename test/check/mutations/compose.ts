import type { Mutation } from './mutation.ts';

export const COMPOSE: readonly Mutation[] = [
  {
    rule: 'compose/store-published',
    file: 'compose.yaml',
    from: '"127.0.0.1:11434:11434"',
    to: '"11434:11434"',
  },
  {
    rule: 'compose/weak-health',
    file: 'compose.prod.yaml',
    from: 'ollama:\n        condition: service_healthy',
    to: 'ollama:\n        condition: service_started',
  },
  {
    rule: 'compose/weak-health',
    of: 'python-asgi',
    file: 'compose.prod.yaml',
    from: 'db:\n        condition: service_healthy',
    to: 'db:\n        condition: service_started',
  },
  {
    rule: 'compose/blank-variable',
    file: 'compose.prod.yaml',
    from: '${ANTHROPIC_API_KEY:?set it in .env}',
    to: '${ANTHROPIC_TOKEN}',
  },
];
