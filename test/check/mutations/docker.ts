import type { Mutation } from './mutation.ts';

export const DOCKER: readonly Mutation[] = [
  {
    rule: 'docker/context',
    file: 'Dockerfile',
    from: /COPY go\.\* \.\/\n(.*\n)*?COPY \. \./,
    to: 'COPY . .\nRUN go mod download',
  },
  {
    rule: 'docker/shell-form',
    file: 'Dockerfile',
    from: 'ENTRYPOINT ["/server"]',
    to: 'ENTRYPOINT /server',
  },
  {
    rule: 'docker/shell-form',
    of: 'python-asgi',
    file: 'Dockerfile',
    from: /ENTRYPOINT \["python".*/,
    to: 'ENTRYPOINT python -m uvicorn main:app --host 0.0.0.0 --port 8001 --timeout-graceful-shutdown 120 --timeout-keep-alive 80 --proxy-headers',
  },
  {
    rule: 'docker/binary-fails',
    file: 'Dockerfile',
    from: 'ARG BUILD_IMAGE=golang:1.26-bookworm',
    to: 'ARG GO_IMAGE=golang:1.26-bookworm',
    at: { line: 'FROM --platform' },
  },
];
