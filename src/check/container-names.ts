import type { Document } from '../artifacts/document.ts';
import { optionValues } from '../artifacts/shell/script.ts';
import type { Context } from './context.ts';
import { callsOf } from './scripts.ts';

/** What containers and compose services of the set are called. */
export interface ContainerNames {
  readonly containers: ReadonlySet<string>;
  readonly services: ReadonlySet<string>;
  /** A container may bear a name that is not known here. */
  readonly open: boolean;
}

export function containerNames(context: Context): ContainerNames {
  const containers = new Set<string>();
  let open = false;
  for (const { platform, form, aliases } of context.members)
    if (form === 'container' && platform === 'compose') for (const alias of aliases) containers.add(alias);
  for (const { command } of callsOf(context, 'docker', 'podman'))
    for (const word of optionValues(command, '--name')) {
      if (word.value === undefined) open = true;
      else containers.add(word.value);
    }
  const files: readonly Document<'compose'>[] = context.of('compose');
  const services = new Set(files.flatMap(({ body }) => body.services.map(({ key }) => key.source)));
  return { containers, services, open };
}

/** `project-service-1`, as compose names what has no name of its own; versions before 2 wrote `_`. */
export const isOfCompose = (name: string, services: ReadonlySet<string>): boolean => {
  const [, service] = /^[\w.-]+?[-_](.+)[-_]\d+$/.exec(name) ?? [];
  if (service === undefined) return false;
  const steps = service.split(/[-_]/);
  return steps.some(
    (_, i) => services.has(steps.slice(i).join('-')) || services.has(steps.slice(i).join('_')),
  );
};
