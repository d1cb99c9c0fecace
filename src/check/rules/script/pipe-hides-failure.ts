import { hiddenFailures } from '../../commands/hidden-failures.ts';
import type { Rule } from '../../rule.ts';

export const pipeHidesFailure: Rule = {
  id: 'script/pipe-hides-failure',
  severity: ['error', 'warning'],
  title: 'a failure that the script does not notice',
  why: 'The status of a pipe is that of its last command, and `$?` that of the last one before it: a dump that breaks off leaves a small valid archive behind, the script reports success, and somebody learns of it on the day of the restore.',
  fix: 'Begin with `set -euo pipefail` (bash), or test the status of the command itself.',
  fixable: 'safe',
  example: {
    bad: '#!/usr/bin/env bash\nset -e\npg_dump app | gzip > app.sql.gz',
    good: '#!/usr/bin/env bash\nset -e\nset -o pipefail\npg_dump app | gzip > app.sql.gz',
  },
  check: hiddenFailures,
};
