import type { Mutation } from './mutation.ts';

export const NGINX: readonly Mutation[] = [
  {
    rule: 'nginx/cors-open',
    file: 'deploy/nginx/chatbot.conf',
    from: '    add_header X-Request-Id',
    to: '    add_header Access-Control-Allow-Origin $http_origin always;\n    add_header Access-Control-Allow-Credentials true always;\n    add_header X-Request-Id',
  },
  {
    rule: 'nginx/header-lost',
    file: 'deploy/nginx/chatbot.conf',
    from: 'add_header X-Content-Type-Options nosniff always;',
    to: 'add_header X-Content-Type-Options nosniff;',
  },
  {
    rule: 'nginx/header-lost',
    file: 'deploy/nginx/chatbot.conf',
    from: /(location \/ \{\n)(\s+proxy_pass.*\n)/,
    to: 'location / {\n        add_header X-Robots-Tag noindex always;\n        proxy_pass http://chatbot_api;\n',
  },
  {
    rule: 'nginx/keepalive-unused',
    file: 'deploy/nginx/chatbot.conf',
    from: '    proxy_set_header Connection "";\n',
    to: '',
    at: { line: 'proxy_pass http://chatbot_api;' },
  },
  {
    rule: 'nginx/open-prefix',
    file: 'deploy/nginx/chatbot.conf',
    from: 'location = /health/live',
    to: 'location /health/live',
  },
  {
    rule: 'nginx/proxy-headers-lost',
    file: 'deploy/nginx/chatbot.conf',
    from: '        proxy_pass http://chatbot_api;\n        proxy_read_timeout 65s;',
    to: '        proxy_set_header X-Tenant chat;\n        proxy_pass http://chatbot_api;\n        proxy_read_timeout 65s;',
    also: ['nginx/keepalive-unused'],
  },
  {
    rule: 'nginx/proxy-headers-lost',
    file: 'deploy/nginx/chatbot.conf',
    from: '    proxy_set_header X-Forwarded-Proto $scheme;\n',
    to: '',
    at: { line: 'proxy_set_header Connection "";' },
  },
  {
    rule: 'nginx/retries-posts',
    file: 'deploy/nginx/chatbot.conf',
    from: 'proxy_next_upstream off;',
    to: 'proxy_next_upstream error timeout non_idempotent;',
  },
  {
    rule: 'nginx/stream-buffered',
    file: 'deploy/nginx/chatbot.conf',
    from: 'proxy_buffering off;',
    to: 'proxy_buffering on;',
    at: { line: 'location = /api/chat/stream {' },
  },
  {
    rule: 'nginx/tls',
    file: 'deploy/nginx/chatbot.conf',
    from: 'ssl_protocols TLSv1.2 TLSv1.3;',
    to: 'ssl_protocols TLSv1 TLSv1.2;',
  },
  {
    rule: 'nginx/tls',
    file: 'deploy/nginx/chatbot.conf',
    from: /(listen 443 ssl http2;\n(.*\n){2} {4})server_tokens off/,
    to: 'listen 443 ssl http2;\n    listen [::]:443 ssl http2;\n    server_name chat.example.com;\n    server_tokens on',
  },
  {
    rule: 'nginx/traversal',
    file: 'deploy/nginx/chatbot.conf',
    from: 'location / {\n        return 301',
    to: 'location /static {\n        alias /srv/chatbot/static/;\n    }\n    location / {\n        return 301',
  },
  {
    rule: 'nginx/upgrade-unconditional',
    file: 'deploy/nginx/chatbot.conf',
    from: 'proxy_set_header Connection "";',
    to: 'proxy_set_header Upgrade $http_upgrade;\n    proxy_set_header Connection "upgrade";',
  },
  {
    rule: 'nginx/upstream',
    file: 'deploy/nginx/chatbot.conf',
    from: 'server 127.0.0.1:8080;',
    to: 'server localhost:8080;',
  },
];
