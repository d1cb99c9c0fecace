import type { KindId } from '../../src/artifacts/document.ts';

/** A sound artifact of each kind, for tests that take it apart. */
export const SEEDS: Readonly<Record<KindId, { readonly path: string; readonly content: string }>> = {
  alertmanager: {
    path: 'alertmanager.yml',
    content: `global: {resolve_timeout: 5m}
route:
  receiver: ops
  routes:
    - matchers: [severity="page"]
      receiver: ops
receivers:
  - name: ops
    webhook_configs: [{url: http://127.0.0.1:9000/}]
`,
  },
  cloudrun: {
    path: 'service.yaml',
    content: `apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: chat
spec:
  template:
    metadata:
      annotations: {autoscaling.knative.dev/maxScale: "10"}
    spec:
      timeoutSeconds: 300
      containerConcurrency: 20
      containers:
        - image: eu.gcr.io/acme/chat:1.0.0
          env: [{name: STREAM_TIMEOUT, value: 5m}]
          resources: {limits: {memory: 512Mi, cpu: "1"}}
`,
  },
  cmd: {
    path: 'install.cmd',
    content: `@echo off
rem installs the service
nssm install Chat "C:\\Program Files\\Chat\\server.exe" ^
  --port 8080
nssm set Chat AppEnvironmentExtra PORT=8080 LOG=info
if errorlevel 1 exit /b 1
`,
  },
  compose: {
    path: 'compose.prod.yaml',
    content: `name: chat
x-base: &base
  restart: unless-stopped
services:
  api:
    <<: *base
    image: ghcr.io/acme/api:\${TAG:-1.0.0}
    environment: {DRAIN_TIMEOUT: 25s}
    env_file: [chat.env]
    ports: ["127.0.0.1:8080:8080", {target: 9090, published: 9090}]
    volumes: [data:/data, ./x:/x:ro]
    depends_on: {db: {condition: service_healthy}}
    healthcheck: {test: [CMD, /server, health], interval: 10s}
    deploy: {resources: {limits: {memory: 512m, cpus: "1"}}}
    extends: {service: db}
  db:
    image: postgres
volumes: {data: {}}
`,
  },
  config: {
    path: 'aideploy.yaml',
    content: `version: 1
name: chat
services:
  api:
    language: go
    port: 8080
    timeouts: {drain: 25s}
`,
  },
  crontab: {
    path: 'backup.cron',
    content: `PATH=/usr/bin:/bin
0 2 * * * backup /opt/chat/backup.sh --all >> /var/log/backup.log 2>&1
@daily root echo 50% done
`,
  },
  dockerfile: {
    path: 'Dockerfile',
    content: `# syntax=docker/dockerfile:1
ARG BASE=debian:12
FROM --platform=$BUILDPLATFORM golang:1.26 AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.cache go build \\
  -o /server ./cmd/server
RUN <<EOF
echo hello
EOF
FROM \${BASE}
ENV A=1 B="two words"
COPY --from=build /server /server
USER 10001:10001
EXPOSE 8080/tcp
HEALTHCHECK --interval=10s CMD ["/server", "health"]
ENTRYPOINT ["/server"]
CMD ["--port", "8080"]
`,
  },
  dockerignore: {
    path: '.dockerignore',
    content: `.git
*.env
!keep.env
# comment
node_modules/
`,
  },
  env: {
    path: 'chat.env',
    content: `# comment
PORT=8080
export NAME="two words"
DRAIN_TIMEOUT=25s # inline
KEY='a
b'
URL=postgres://u:p@h/db?sslmode=require
`,
  },
  gunicorn: {
    path: 'gunicorn.conf.py',
    content: `import os
bind = "127.0.0.1:8000"
workers = int(os.environ.get("W", "2"))
worker_class = "uvicorn.workers.UvicornWorker"
timeout = 120

def post_fork(server, worker):
    timeout = 3
`,
  },
  kubernetes: {
    path: 'app.yaml',
    content: `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  labels: {app: api}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      terminationGracePeriodSeconds: 30
      containers:
        - name: api
          image: ghcr.io/acme/api:1.0.0
          ports: [{containerPort: 8080, name: http}]
          env:
            - name: DRAIN_TIMEOUT
              value: "25s"
          readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 5}
          lifecycle: {preStop: {exec: {command: [sh, -c, sleep 5]}}}
          resources: {limits: {memory: 512Mi, cpu: 500m}}
---
apiVersion: v1
kind: Service
metadata: {name: api}
spec: {selector: {app: api}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: api, annotations: {nginx.ingress.kubernetes.io/proxy-read-timeout: "60"}}
spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: api, port: {number: 80}}}}]}}]}
`,
  },
  kustomization: {
    path: 'kustomization.yaml',
    content: `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: chat
resources: [app.yaml, ../base]
images: [{name: api, newTag: 1.2.3}]
replicas: [{name: api, count: 3}]
configMapGenerator:
  - name: settings
    literals: [A=1]
patches:
  - target: {kind: Deployment}
    patch: |-
      - op: replace
        path: /spec/replicas
        value: 3
`,
  },
  logrotate: {
    path: 'chat.logrotate',
    content: `/var/log/chat/*.log {
    daily
    rotate 14
    compress
    copytruncate
    postrotate
        systemctl reload chat
    endscript
}
`,
  },
  markdown: {
    path: 'DEPLOY.md',
    content: `# Deploy

Create \`compose.yaml\`:

\`\`\`yaml
services:
  api: {image: redis}
\`\`\`

1. Start it:

   \`\`\`bash
   docker run -d --name api -p 80:80 redis
   \`\`\`

~~~nginx
server { listen 80; location / { proxy_pass http://127.0.0.1:8080; } }
~~~
`,
  },
  metrics: {
    path: 'chat.prom',
    content:
      '# HELP chat_requests_total Requests.\n# TYPE chat_requests_total counter\nchat_requests_total{path="/",code="2\\"0"} 3 1700000000\nup 1\n',
  },
  nginx: {
    path: 'nginx/site.conf',
    content: `upstream api { server 127.0.0.1:8080; keepalive 16; }
map $http_upgrade $conn { default ""; websocket upgrade; }
server {
    listen 443 ssl;
    server_name a.example.com;
    client_max_body_size 8m;
    location ~* "^/x{2}(\\.|/)$" { return 404; }
    location = /stream { proxy_pass http://api; proxy_buffering off; proxy_read_timeout 5m; }
    location / { proxy_pass http://api/; proxy_set_header Host $host; include snippets/*.conf; }
}
`,
  },
  powershell: {
    path: 'install.ps1',
    content: `# installs
$env:PORT = "8080"
New-Service -Name Chat -BinaryPathName "C:\\Chat\\server.exe" \`
  -StartupType Automatic
Register-ScheduledTask -TaskName Chat -Action $action
`,
  },
  prometheus: {
    path: 'prometheus.yml',
    content: `global: {scrape_interval: 15s}
scrape_configs:
  - job_name: chat
    metrics_path: /metrics
    static_configs: [{targets: ["127.0.0.1:9090"]}]
`,
  },
  'prometheus-rules': {
    path: 'alerts.yml',
    content: `groups:
  - name: chat
    rules:
      - alert: Down
        expr: up == 0
        for: 5m
        annotations: {summary: "{{ $labels.instance }} is down"}
`,
  },
  rsyslog: {
    path: 'chat.rsyslog.conf',
    content: `module(load="imfile")
if $programname == "chat" then {
  action(type="omfwd" target="logs.example.com" port="6514" protocol="tcp")
}
*.* @@logs.example.com:514
`,
  },
  sample: {
    path: 'log.json',
    content: `{"time":"2026-01-28T16:30:00Z","level":"info","msg":"request","path":"/api/chat","status":200}
{"time":"2026-01-28T16:30:02Z","level":"error","msg":"provider failed","attempt":2}
`,
  },
  shell: {
    path: 'deploy.sh',
    content: `#!/usr/bin/env bash
set -euo pipefail
IMAGE="ghcr.io/acme/api:\${TAG:?}"
deploy() {
  local name=$1
  docker run -d --name "$name" -p 127.0.0.1:8080:8080 -e KEY="$KEY" --env-file chat.env -v data:/data "$IMAGE" && echo ok || exit 1
}
if ! curl -fsS http://127.0.0.1:8080/health; then deploy api; fi
for i in 1 2 3; do sleep "$i" & done
pg_dump db | gzip > "backup-$(date +%F).sql.gz"
cat > /etc/systemd/system/chat.service <<EOF
[Service]
ExecStart=/opt/chat/server
EOF
`,
  },
  sql: {
    path: 'roles.sql',
    content: `-- roles
CREATE ROLE app LOGIN PASSWORD 'x';
GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO app;
DO $$ BEGIN PERFORM 1; END $$;
/* later */
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO app;
\\connect chat
`,
  },
  systemd: {
    path: 'chat@.service',
    content: `[Unit]
After=network-online.target
[Service]
Type=exec
User=chat
Environment="A=1 2" B=%i
EnvironmentFile=-/etc/chat/chat.env
ExecStart=/opt/chat/bin/gunicorn -b 127.0.0.1:8000 \\
  -w 4 app:app
TimeoutStopSec=1min 30s
MemoryMax=512M
CPUQuota=150%
NoNewPrivileges=yes
ProtectSystem=strict
[Install]
WantedBy=multi-user.target
`,
  },
  sysusers: {
    path: 'chat.sysusers.conf',
    content: `u chat - "Chat service" /var/lib/chat /usr/sbin/nologin
g chat -
`,
  },
  tmpfiles: {
    path: 'chat.tmpfiles.conf',
    content: `d /var/lib/chat 0750 chat chat -
L+ /etc/chat - - - - /opt/chat/etc
`,
  },
  workflow: {
    path: '.github/workflows/deploy.yml',
    content: `name: deploy
on:
  push: {branches: [main]}
permissions: {contents: read}
jobs:
  deploy:
    runs-on: ubuntu-latest
    needs: [test]
    steps:
      - uses: actions/checkout@v4
      - name: go
        env: {KEY: "\${{ secrets.KEY }}"}
        run: |
          echo "\${{ github.sha }}"
          docker run -d -p 80:80 acme/api:\${{ github.sha }}
  test: {runs-on: ubuntu-latest, steps: [{run: "echo ok"}]}
`,
  },
};
