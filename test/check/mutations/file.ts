import type { Mutation } from './mutation.ts';

export const FILE: readonly Mutation[] = [
  {
    rule: 'file/encoding',
    file: 'deploy/systemd/install.sh',
    from: /^#!.*\n/,
    to: '#!/usr/bin/env bash\r\n',
  },
  {
    rule: 'file/obsolete',
    file: 'compose.yaml',
    from: 'name: chatbot\n',
    to: 'version: "3.8"\nname: chatbot\n',
  },
  {
    rule: 'file/placeholder',
    file: 'compose.prod.yaml',
    from: '"${ANTHROPIC_API_KEY:?set it in .env}"',
    to: 'changeme',
  },
  {
    rule: 'file/skipped',
    file: 'deploy/cloudrun/service.yaml',
    from: 'image: "${AIDEPLOY_IMAGE}"',
    to: 'image: {{ .Values.image }}',
  },
  {
    rule: 'file/suppression',
    file: 'compose.prod.yaml',
    from: 'image: ghcr.io/acme/chatbot:1.4.2',
    to: 'image: ghcr.io/acme/chatbot:1.4.2 # aideploy-ignore image/floating',
  },
  {
    rule: 'file/unreadable',
    file: 'deploy/monitoring/prometheus.yml',
    from: '"127.0.0.1:9115"',
    to: '"127.0.0.1:9115',
  },
  {
    rule: 'file/unreadable',
    file: 'deploy/nginx/chatbot.conf',
    from: '        grpc_pass grpc://chatbot_api_grpc;',
    to: '        grpc_pass "grpc://chatbot_api_grpc;',
  },
];
