import { isBuilt, type Model } from '../../../model/model.ts';
import { platformsOf } from '../platforms/index.ts';
import { cloudrunQueries } from './cloudrun.ts';
import { questionsOf } from './query.ts';
import { shellFilters } from './shell.ts';
import { windowsQueries } from './windows.ts';

/** Ready questions to the log, platform by platform. */
export function logsView(model: Model): object | undefined {
  const { logs, objectives } = model.observability;
  const seconds = objectives.latencyP95 / 1_000;
  const built = model.services.filter(service => isBuilt(service) && service.kind !== 'job');
  const asked = questionsOf(logs.fields);
  const questions = asked.map(({ question }) => question);
  const read = platformsOf(model).flatMap(platform => {
    const recent = platform.recent(built);
    return recent.length === 0 ? [] : [{ title: platform.title, lines: `lines() { ${recent.join('; ')}; }` }];
  });
  const cloudrun = cloudrunQueries(model, questions, logs.fields, seconds);
  const windows = windowsQueries(model, questions, logs.fields, seconds);
  if (read.length + cloudrun.length + windows.length === 0) return undefined;
  return {
    named: logs.fields !== undefined,
    asked: asked.map(({ question, shows }) => ({
      name: question === 'request' ? "request '<its id>'" : question,
      shows: question === 'slow' ? `${shows}, ${seconds} s` : shows,
    })),
    filters: read.length > 0 && shellFilters(questions, logs.fields, seconds),
    read,
    cloudrun,
    windows,
  };
}
