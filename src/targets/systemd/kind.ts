import type { HostService } from '../../model/host.ts';

/** Whether gunicorn serves it: a Python program that answers requests and has no command of its own. */
export const isGunicorn = ({ service }: HostService): boolean =>
  service.source.language === 'python' && service.kind === 'http' && service.command === undefined;

export const workingDirectory = (link: string, { service, paths }: HostService): string =>
  service.source.language === 'go' ? link : `${link}/${paths.app}`;
