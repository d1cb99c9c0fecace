import { sqlScripts } from '../../commands/sql.ts';
import type { Finding, Rule } from '../../rule.ts';

export const sessionSetting: Rule = {
  id: 'sql/session-setting',
  severity: 'warning',
  title: 'SET of a parameter that a session cannot set',
  why: 'PostgreSQL refuses the statement, because the parameter belongs to the server or to its superuser: the tuning that the script seems to do was never done, and a script that stops at errors ends there.',
  fix: 'Use ALTER SYSTEM SET and reload or restart the server, ALTER DATABASE or ALTER ROLE ... SET, or write it to postgresql.conf.',
  fixable: 'no',
  example: { bad: "SET shared_buffers = '2GB';", good: "ALTER SYSTEM SET shared_buffers = '2GB';" },
  check: context =>
    sqlScripts(context)
      .flat()
      .flatMap(({ statement, at }): Finding[] => {
        const parameter = /^SET (?:SESSION |LOCAL )?(\w{1,60}) ?(?:=| TO )/i
          .exec(`${statement.text} `)?.[1]
          ?.toLowerCase();
        const why = parameter && contextOf(parameter);
        return why ? [{ at, message: `${parameter} ${why}` }] : [];
      }),
};

/** pg_settings.context of PostgreSQL 17: https://www.postgresql.org/docs/17/view-pg-settings.html */
const POSTMASTER =
  /^(?:shared_buffers|max_connections|superuser_reserved_connections|wal_level|wal_buffers|max_wal_senders|max_replication_slots|max_worker_processes|max_prepared_transactions|max_locks_per_transaction|shared_preload_libraries|listen_addresses|port|huge_pages|hot_standby|track_activity_query_size|autovacuum_max_workers|autovacuum_freeze_max_age|archive_mode|logging_collector)$/;
const SIGHUP =
  /^(?:checkpoint_\w+|max_wal_size|min_wal_size|archive_command|archive_timeout|autovacuum|autovacuum_(?:naptime|vacuum_\w+|analyze_\w+)|bgwriter_\w+|wal_writer_\w+|log_(?:directory|filename|rotation_\w+|line_prefix|checkpoints|destination|timezone)|ssl\w*|synchronous_standby_names|fsync|full_page_writes|hba_file|authentication_timeout|wal_keep_size|effective_wal_\w+)$/;
const SUPERUSER =
  /^(?:log_(?:statement|min_duration_statement|min_messages|min_error_statement|duration|lock_waits|temp_files|autovacuum_min_duration|error_verbosity|parser_stats|executor_stats)|session_replication_role|deadlock_timeout|track_(?:counts|functions|io_timing|activities)|temp_file_limit|max_stack_depth|wal_compression|zero_damaged_pages|commit_delay)$/;

function contextOf(parameter: string): string | undefined {
  if (POSTMASTER.test(parameter)) return 'can only be set when the server starts';
  if (SIGHUP.test(parameter)) return "is the whole server's, so a session cannot set it";
  return SUPERUSER.test(parameter) ? 'can only be set by a superuser' : undefined;
}
