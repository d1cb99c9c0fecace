import { CLOUDRUN } from './cloudrun.ts';
import { COMPOSE } from './compose.ts';
import { CONTAINER } from './container.ts';
import { CRON } from './cron.ts';
import { CROSS } from './cross.ts';
import { DOCKER } from './docker.ts';
import { ENV } from './env.ts';
import { FILE } from './file.ts';
import { GCLOUD } from './gcloud.ts';
import { GITHUB } from './github.ts';
import { GUNICORN } from './gunicorn.ts';
import { IMAGE } from './image.ts';
import { K8S } from './k8s.ts';
import type { Mutation } from './mutation.ts';
import { NGINX } from './nginx.ts';
import { PROMETHEUS } from './prometheus.ts';
import { RSYSLOG } from './rsyslog.ts';
import { RUNTIME } from './runtime.ts';
import { SCRIPT } from './script.ts';
import { SECRET } from './secret.ts';
import { SQL } from './sql.ts';
import { SYSTEMD } from './systemd.ts';
import { UFW } from './ufw.ts';
import { WINDOWS } from './windows.ts';

export const MUTATIONS: readonly Mutation[] = [
  ...CLOUDRUN,
  ...COMPOSE,
  ...CONTAINER,
  ...CRON,
  ...CROSS,
  ...DOCKER,
  ...ENV,
  ...FILE,
  ...GCLOUD,
  ...GITHUB,
  ...GUNICORN,
  ...IMAGE,
  ...K8S,
  ...NGINX,
  ...PROMETHEUS,
  ...RSYSLOG,
  ...RUNTIME,
  ...SCRIPT,
  ...SECRET,
  ...SQL,
  ...SYSTEMD,
  ...UFW,
  ...WINDOWS,
];

const BY_FUNCTIONS =
  'the rendered scripts do it by variables, and by functions that do more than to hand their words on';
const NOT_MADE = 'nothing of the kind is rendered';
const TWO_FILES = 'it takes changes in more than one file';
const UNNAMED = 'no rendered file holds the value that it compares with';

/** Rules that no single change of what is rendered was found for, and why. */
export const NOT_RENDERED: Readonly<Record<string, string>> = {
  'cloudrun/straight-to-live': BY_FUNCTIONS,
  'cross/acme-blocked': 'the firewall lets in the ports of sshd, which are known when it runs',
  'cross/backup-elsewhere': UNNAMED,
  'cross/build-differs': BY_FUNCTIONS,
  'cross/command-misses-object': BY_FUNCTIONS,
  'cross/db-connections': UNNAMED,
  'cross/env-unread': 'the names of variables are those of aideploy.yaml',
  'cross/forwarded-untrusted': 'which addresses are trusted is left to a variable of the operator',
  'cross/host-not-prepared': BY_FUNCTIONS,
  'cross/image-differs': 'images are pushed under names that are put together while it runs',
  'cross/internal-path-public': 'what is internal has a port of its own, which the proxy does not reach',
  'cross/load-exceeds-memory': UNNAMED,
  'cross/log-pattern': 'the runbook searches no log for a pattern',
  'cross/log-place': 'programs log to their standard output alone',
  'cross/no-backup': TWO_FILES,
  'cross/no-endpoint-delay': 'the delay is declared in aideploy.yaml, too',
  'cross/no-rollback': TWO_FILES,
  'cross/not-monitored': TWO_FILES,
  'cross/probe-below-check': UNNAMED,
  'cross/read-only-no-scratch': 'no container runs gunicorn, which writes while it runs',
  'cross/readiness-blind': 'aideploy.yaml declares more than one path',
  'cross/readiness-on-provider': NOT_MADE,
  'cross/scrape-target': 'a host is scraped by its own address, where anything may listen',
  'cross/start-differs': 'a container starts uvicorn and a host gunicorn',
  'cross/trace-name-shared': 'no golden configuration traces two services',
  'cross/workers': 'the number of workers is worked out when they start',
  'gunicorn/host-cpus': 'no container runs gunicorn',
  'gunicorn/worker-class': 'the class stands in the configuration file of gunicorn',
  'k8s/namespace': 'the overlays give every object its namespace, whatever another one it names',
  'logrotate/inode-kept': NOT_MADE,
  'script/rollout-not-awaited': BY_FUNCTIONS,
  'script/source-never-made': BY_FUNCTIONS,
  'windows/task-as-service': 'the task is told its settings by one object',
};
