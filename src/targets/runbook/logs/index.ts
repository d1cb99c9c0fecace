import { isBuilt, type Model } from '../../../model/model.ts';
import { platformsOf } from '../platforms/index.ts';
import { cloudrunQueries } from './cloudrun.ts';
import { questionsOf } from './query.ts';
import { shellFilters } from './shell.ts';
import { windowsQueries } from './windows.ts';

/** Whether there are lines that a shell can ask. */
export const asksLog = (model: Model): boolean => readingOf(model).length > 0;

function readingOf(model: Model): { title: string; lines: string }[] {
  const built = model.services.filter(service => isBuilt(service) && service.kind !== 'job');
  return platformsOf(model).flatMap(({ title, recent }) => {
    const commands = recent(built);
    return commands.length === 0 ? [] : [{ title, lines: `lines() { ${commands.join('; ')}; }` }];
  });
}

/** Ready questions to the log, platform by platform. */
export function logsView(model: Model): object | undefined {
  const { logs, objectives } = model.observability;
  const seconds = objectives.latencyP95 / 1_000;
  const asked = questionsOf(logs.fields);
  const questions = asked.map(({ question }) => question);
  const read = readingOf(model);
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
