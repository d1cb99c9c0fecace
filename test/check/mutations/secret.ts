import type { Mutation } from './mutation.ts';

export const SECRET: readonly Mutation[] = [
  {
    rule: 'secret/literal',
    file: 'compose.prod.yaml',
    from: '"${ANTHROPIC_API_KEY:?set it in .env}"',
    to: 'sk-ant-api03-Zx8vQ2mL9tR4wK7pN1cB6yH3jF5dS0gA8uE2iO4qW7rT9zX1vC3bM6nL5kJ8hG2fD0sP4aQ7wE9rT1yU3iO5pA-Kd82mQAA',
  },
  {
    rule: 'secret/literal',
    of: 'python-asgi',
    file: 'compose.prod.yaml',
    from: /\$\{DATABASE_PASSWORD:\?[^}]*\}@db:/,
    to: 'kX4-vq81Lm@db:',
  },
];
