import type { Mutation } from './mutation.ts';

export const IMAGE: readonly Mutation[] = [
  {
    rule: 'image/floating',
    file: 'compose.prod.yaml',
    from: 'image: ollama/ollama:0.12.6',
    to: 'image: ollama/ollama',
  },
  {
    rule: 'image/floating',
    file: 'compose.prod.yaml',
    from: 'ghcr.io/acme/chatbot:1.4.2',
    to: 'ghcr.io/acme/chatbot:latest',
  },
  {
    rule: 'image/floating',
    file: 'deploy/k8s/base/ollama.yaml',
    from: /image: ollama\/ollama:[\d.]+/,
    to: 'image: ollama/ollama:latest',
  },
  {
    rule: 'image/floating',
    file: 'Dockerfile',
    from: 'golang:1.26-bookworm',
    to: 'golang:latest',
    at: { line: 'FROM --platform=$BUILDPLATFORM' },
  },
];
