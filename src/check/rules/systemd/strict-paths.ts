import { createdPaths } from '../../host/paths.ts';
import { hostUnits } from '../../host/units.ts';
import { absent, unwritable } from '../../host/writable.ts';
import type { Rule } from '../../rule.ts';

export const strictPaths: Rule = {
  id: 'systemd/strict-paths',
  severity: ['error', 'warning'],
  title: 'a path that the sandbox of a service needs and does not have',
  why: 'A path in ReadWritePaths= that is not there keeps the service from starting (226/NAMESPACE). Under ProtectSystem=strict every write elsewhere fails with a read-only file system, often only at the first upload or log line.',
  fix: 'Let the unit make its folders: StateDirectory=, LogsDirectory=, CacheDirectory=; or create the path, or write -/path where it may be absent.',
  fixable: 'safe',
  example: {
    bad: 'ProtectSystem=strict\nEnvironment=LOG_DIR=/var/log/chat',
    good: 'ProtectSystem=strict\nEnvironment=LOG_DIR=/var/log/chat\nLogsDirectory=chat',
  },
  check: context => {
    const created = createdPaths(context);
    return hostUnits(context).flatMap(unit => [...absent(context, unit, created), ...unwritable(unit)]);
  },
};
