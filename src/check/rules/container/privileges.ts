import { productionContainers } from '../../containers/compose-services.ts';
import { grave, lax, root, wildcards } from '../../containers/privileges.ts';
import type { Rule } from '../../rule.ts';

export const privileges: Rule = {
  id: 'container/privileges',
  severity: ['error', 'warning'],
  title: 'a container that may do more than it needs',
  why: 'Whoever takes over the service gets what its container has: a privileged one, or one with the socket of docker, is the host itself; and root with all capabilities is one fault of the kernel away from it.',
  fix: 'Run as a user of its own, drop all capabilities, forbid new privileges, make the root file system read-only; give a socket proxy or one capability where something is needed.',
  fixable: 'no',
  example: {
    bad: 'volumes: ["/var/run/docker.sock:/var/run/docker.sock"]',
    good: 'user: "10001"\nread_only: true\ncap_drop: [ALL]\nsecurity_opt: ["no-new-privileges:true"]',
  },
  check: context => [
    ...productionContainers(context).flatMap(member => [...grave(member), ...lax(context, member)]),
    ...context.members.filter(({ form }) => form === 'image').flatMap(image => root(context, image)),
    ...wildcards(context),
  ],
};
