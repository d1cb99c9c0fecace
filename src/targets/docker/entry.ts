import type { Text } from '../../config/schema/text.ts';
import type { Model, Service } from '../../model/model.ts';
import { type Place, resolve } from '../../model/references.ts';

/** A value that differs from platform to platform, so that one image for all of them can't hold it. */
class PlatformDecides extends Error {}

const platformDecides = (): never => {
  throw new PlatformDecides();
};

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/** An image knows its own ports and times; where other services are is known where it runs. */
const placeOf = (model: Model): Place<string> => ({
  literal: text => text,
  tag: platformDecides,
  serviceHost: platformDecides,
  servicePort: platformDecides,
  databaseHost: () => {
    const host = model.database?.host;
    return host === undefined || LOOPBACK.includes(host) ? platformDecides() : host;
  },
  databaseUrl: platformDecides,
});

/** The words as the image can hold them, or undefined where one of them depends on the platform. */
function wordsInImage(words: readonly Text[], model: Model, service: Service): string[] | undefined {
  try {
    return words.map(word => resolve(word, model, service, placeOf(model)).join(''));
  } catch (error) {
    if (error instanceof PlatformDecides) return undefined;
    throw error;
  }
}

export interface Entry {
  /** ENTRYPOINT: the program and what the server needs; platforms leave it alone. */
  readonly entrypoint: readonly string[] | undefined;
  /** CMD: the configured arguments, which a platform may replace. */
  readonly command: readonly string[] | undefined;
  readonly notes: readonly string[];
}

export function entryOf(model: Model, service: Service, program: readonly string[]): Entry {
  const entrypoint = service.command ? wordsInImage(service.command, model, service) : program;
  const command = wordsInImage(service.args, model, service);
  const notes: string[] = [];
  if (!entrypoint) notes.push('No ENTRYPOINT: the command depends on the platform, whose own file gives it.');
  if (!command) notes.push('No CMD: the arguments depend on the platform, whose own file gives them.');
  return { entrypoint, command: command && command.length > 0 ? command : undefined, notes };
}
