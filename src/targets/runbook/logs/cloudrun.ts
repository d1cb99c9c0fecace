import type { Model } from '../../../model/model.ts';
import { isBuilt, servicesOf } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';
import { CALLS, CRASHES, FAILED, type Fields, type Question } from './query.ts';

/**
 * Cloud Logging has a language of its own, and a line for each request that Cloud Run writes by itself.
 * https://cloud.google.com/logging/docs/view/logging-query-language
 */
export function cloudrunQueries(
  model: Model,
  questions: readonly Question[],
  fields: Fields | undefined,
  seconds: number,
): string[] {
  const { cloudrun } = model.targets;
  const carried = servicesOf(model, 'cloudrun').filter(isBuilt);
  if (!cloudrun || carried.length === 0) return [];
  const names = carried.map(({ unit }) => `"${unit}"`).join(' OR ');
  const whose = `resource.type="cloud_run_revision" AND resource.labels.service_name=(${names})`;
  const where = `--project ${shellWord(cloudrun.project)} --freshness 1h --limit 200`;
  const said = filtersOf(fields, seconds);
  return [...new Set([...questions, 'answered' as const, 'slow' as const])].map(
    question =>
      `gcloud logging read ${shellWord(`${whose} AND ${said[question]}`)} ${where} --format 'value(timestamp, severity, httpRequest.status, httpRequest.latency, textPayload, jsonPayload)'`,
  );
}

function filtersOf(fields: Fields | undefined, seconds: number): Readonly<Record<Question, string>> {
  const message = `jsonPayload.${fields?.message ?? 'message'}`;
  const level = fields ? ` OR jsonPayload.${fields.level}=~"(?i)${FAILED}"` : '';
  return {
    errors: `(severity>=ERROR OR httpRequest.status>=500${level})`,
    answered: 'httpRequest.status>=200 AND httpRequest.status<400',
    request: fields?.id ? `jsonPayload.${fields.id}="<its id>"` : '"<its id>"',
    slow: `httpRequest.latency>="${seconds}s"`,
    calls: `(textPayload=~"(?i)${CALLS}" OR ${message}=~"(?i)${CALLS}")`,
    crashes: `(textPayload=~"${CRASHES}" OR ${message}=~"${CRASHES}")`,
  };
}
