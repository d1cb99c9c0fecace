import { cloudrun } from './escape/cloudrun.ts';
import { cmd } from './escape/cmd.ts';
import { compose } from './escape/compose.ts';
import { crontab } from './escape/crontab.ts';
import { dockerfile } from './escape/dockerfile.ts';
import { env } from './escape/env.ts';
import { json } from './escape/json.ts';
import { lines } from './escape/lines.ts';
import { logrotate } from './escape/logrotate.ts';
import { markdown } from './escape/markdown.ts';
import { nginx } from './escape/nginx.ts';
import { powershell } from './escape/powershell.ts';
import { properties } from './escape/properties.ts';
import { python } from './escape/python.ts';
import { rsyslog } from './escape/rsyslog.ts';
import { shell } from './escape/shell.ts';
import { sql } from './escape/sql.ts';
import { systemd } from './escape/systemd.ts';
import { workflow } from './escape/workflow.ts';
import { yaml } from './escape/yaml.ts';
import type { Format } from './format.ts';

/** Alphabetical. */
export const formats: readonly Format[] = [
  cloudrun,
  cmd,
  compose,
  crontab,
  dockerfile,
  env,
  json,
  lines,
  logrotate,
  markdown,
  nginx,
  powershell,
  properties,
  python,
  rsyslog,
  shell,
  sql,
  systemd,
  workflow,
  yaml,
];

/** The first that fits a template's own name decides. */
const NAMES: readonly (readonly [RegExp, Format])[] = [
  [/^compose[\w.-]*\.ya?ml$/, compose],
  [/\.workflow\.yml$/, workflow],
  [/^cloudrun[\w.-]*\.ya?ml$/, cloudrun],
  [/\.ya?ml$/, yaml],
  [/(?:^|\.)Dockerfile$/, dockerfile],
  [/\.json$/, json],
  [/\.md$/, markdown],
  [/\.sh$/, shell],
  [/\.sql$/, sql],
  [/\.cron$/, crontab],
  [/\.properties$/, properties],
  [/^\.env(?:\.|$)|\.env(?:\.example)?$/, env],
  [/^\.?(?:docker|git)ignore$/, lines],
  [/^nginx[\w.-]*\.conf$/, nginx],
  [/\.(?:service|timer)$|^(?:sysusers|tmpfiles)\.conf$/, systemd],
  [/\.cmd$/, cmd],
  [/\.ps1$/, powershell],
  [/\.py$/, python],
  [/rsyslog\.conf$/, rsyslog],
  [/\.logrotate$/, logrotate],
];

export function formatOf(template: string): Format {
  const name = template.slice(template.lastIndexOf('/') + 1);
  const found = NAMES.find(([pattern]) => pattern.test(name));
  if (!found)
    throw new Error(`${template}: no format is known for a template of this name (src/render/formats.ts)`);
  return found[1];
}
