import type { Model } from '../../model/model.ts';

interface Turn {
  readonly when: string;
  readonly tasks: readonly string[];
}

/** What is to be done without an alert. */
export function calendar({ database, targets, observability }: Model): Turn[] {
  const backups = database !== undefined && targets.backup !== undefined;
  return [
    {
      when: 'Daily',
      tasks: [
        'alerts are answered',
        ...(backups ? ['a backup is made by itself; its alerts are silent'] : []),
      ],
    },
    {
      when: 'Weekly',
      tasks: [
        'errors in the logs',
        'trends of disk, memory and latency',
        'patches of the base images: build and deploy again',
        ...(database ? ['slow queries'] : []),
      ],
    },
    {
      when: 'Monthly',
      tasks: [
        'security patches of hosts and dependencies',
        'alerts that fired: were they needed, was this page right',
        ...(observability.cost ? ['prices in observability.cost'] : []),
      ],
    },
    {
      when: 'Quarterly',
      tasks: [
        ...(backups ? ['restore the newest backup for practice'] : []),
        'go back to the release before, for practice',
        'rotate secrets',
        'sizes: compare the table with what is used; a load test',
        'who has access',
      ],
    },
  ];
}
