import type { Rule } from '../rule.ts';
import { CLOUDRUN } from './cloudrun/all.ts';
import { COMPOSE } from './compose/all.ts';
import { CONTAINER } from './container/all.ts';
import { CRON } from './cron/all.ts';
import { CROSS } from './cross/all.ts';
import { DOCKER } from './docker/all.ts';
import { ENV } from './env/all.ts';
import { FILE } from './file/all.ts';
import { GCLOUD } from './gcloud/all.ts';
import { GITHUB } from './github/all.ts';
import { GUNICORN } from './gunicorn/all.ts';
import { IMAGE } from './image/all.ts';
import { K8S } from './k8s/all.ts';
import { LOGROTATE } from './logrotate/all.ts';
import { NGINX } from './nginx/all.ts';
import { PROMETHEUS } from './prometheus/all.ts';
import { RSYSLOG } from './rsyslog/all.ts';
import { RUNTIME } from './runtime/all.ts';
import { SCRIPT } from './script/all.ts';
import { SECRET } from './secret/all.ts';
import { SQL } from './sql/all.ts';
import { SYSTEMD } from './systemd/all.ts';
import { UFW } from './ufw/all.ts';
import { WINDOWS } from './windows/all.ts';

export const RULES: readonly Rule[] = [
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
  ...LOGROTATE,
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
