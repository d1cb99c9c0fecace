import type { Access, Deployment } from './deployment.ts';

/** Each address once, with the service's name where several have one of their own. */
export function accessesOf({
  endpoints,
  unexplored,
}: Deployment): { access: Access; subject: { subject?: string } }[] {
  const all = [
    ...(unexplored ? [{ access: unexplored.access, service: undefined }] : []),
    ...endpoints.map(({ access, service }) => ({ access, service })),
  ];
  const once = all.filter(
    ({ access }, i) => all.findIndex(other => other.access.base.host === access.base.host) === i,
  );
  return once.map(({ access, service }) => ({
    access,
    subject: once.length > 1 && service !== undefined ? { subject: service } : {},
  }));
}
