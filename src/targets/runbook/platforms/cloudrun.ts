import { isBuilt, type Model, type Service, servicesOf } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';
import type { Platform } from './platform.ts';

export function cloudrun(model: Model, settings: NonNullable<Model['targets']['cloudrun']>): Platform {
  const carried = servicesOf(model, 'cloudrun').filter(isBuilt);
  const where = `--project ${shellWord(settings.project)} --region ${shellWord(settings.region)}`;
  const each = (command: (unit: string) => string) => (services: readonly Service[]) =>
    services
      .filter(service => carried.some(({ key }) => key === service.key))
      .map(({ unit }) => command(shellWord(unit)));
  return {
    id: 'cloudrun',
    title: 'On Cloud Run',
    status: each(unit => `gcloud run services describe ${unit} ${where}`),
    logs: each(unit => `gcloud run services logs read ${unit} ${where} --limit 200`),
    // Asked in the language of Cloud Logging instead.
    recent: () => [],
    // An instance cannot be restarted; a revision that differs in nothing but a label starts new ones.
    restart: each(
      unit => `gcloud run services update ${unit} ${where} --update-labels "restarted=$(date +%s)"`,
    ),
    stop: () => [],
    start: () => [],
    usage: () => [],
  };
}
