import type { Mutation } from './mutation.ts';

export const GUNICORN: readonly Mutation[] = [
  {
    rule: 'gunicorn/recycling',
    of: 'python-asgi',
    file: 'deploy/systemd/beyondcloud-python.service',
    from: / --config \S+ main:app/,
    to: ' --workers 2 --bind 127.0.0.1:8001 --graceful-timeout 120 --worker-class uvicorn_worker.UvicornWorker --max-requests 1000 main:app',
    also: ['cross/idle-race'],
  },
];
