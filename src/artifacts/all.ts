import { cloudrun } from './cloudrun/index.ts';
import { cmd } from './cmd/index.ts';
import { compose } from './compose/index.ts';
import { config } from './config/index.ts';
import { crontab } from './crontab/index.ts';
import { dockerfile } from './dockerfile/index.ts';
import { dockerignore } from './dockerignore/index.ts';
import type { AnyKind } from './document.ts';
import { env } from './env/index.ts';
import { gunicorn } from './gunicorn/index.ts';
import { kubernetes, kustomization } from './kubernetes/index.ts';
import { logrotate } from './logrotate/index.ts';
import { markdown } from './markdown/index.ts';
import { metrics } from './metrics/index.ts';
import { nginx } from './nginx/index.ts';
import { powershell } from './powershell/index.ts';
import { alertmanager, prometheus, prometheusRules } from './prometheus/index.ts';
import { rsyslog } from './rsyslog/index.ts';
import { sample } from './sample/index.ts';
import { shell } from './shell/index.ts';
import { sql } from './sql/index.ts';
import { systemd } from './systemd/index.ts';
import { sysusers } from './sysusers/index.ts';
import { tmpfiles } from './tmpfiles/index.ts';
import { workflow } from './workflow/index.ts';

export const KINDS: readonly AnyKind[] = [
  alertmanager,
  cloudrun,
  cmd,
  compose,
  config,
  crontab,
  dockerfile,
  dockerignore,
  env,
  gunicorn,
  kubernetes,
  kustomization,
  logrotate,
  markdown,
  metrics,
  nginx,
  powershell,
  prometheus,
  prometheusRules,
  rsyslog,
  sample,
  shell,
  sql,
  systemd,
  sysusers,
  tmpfiles,
  workflow,
];
