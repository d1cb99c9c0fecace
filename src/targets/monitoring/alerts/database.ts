import { type Alert, type Scene, series } from '../rule.ts';

export const databaseAlerts = ({ model, monitoring }: Scene): Alert[] =>
  model.database && monitoring.platform !== 'outside' ? server() : [];

const SERVER = { job: 'tool/postgres', instance: 'one' };

function server(): Alert[] {
  const used = (connections: number) => [
    series('pg_settings_max_connections', { ...SERVER, server: 'db:5432' }, '100x30'),
    series('pg_stat_database_numbackends', { ...SERVER, datname: 'a' }, `${connections}x30`),
  ];
  return [
    {
      alert: 'DatabaseDown',
      expr: 'pg_up == 0',
      for: '1m',
      severity: 'critical',
      summary: 'The database does not answer',
      description:
        'postgres_exporter cannot log in: the server is down, unreachable, or its password was changed.',
      proof: {
        bad: [series('pg_up', SERVER, '0x20')],
        good: [series('pg_up', SERVER, '1x20')],
        at: '5m',
        labels: SERVER,
      },
    },
    {
      alert: 'DatabaseConnectionsHigh',
      expr: 'sum by (instance) (pg_stat_database_numbackends) / max by (instance) (pg_settings_max_connections) > 0.8',
      for: '5m',
      severity: 'warning',
      summary: 'The database is short of connections',
      description:
        '{{ $value | humanizePercentage }} of its connections are in use; then it refuses further ones.',
      proof: { bad: used(90), good: used(10), at: '15m', labels: { instance: 'one' }, value: '90%' },
    },
  ];
}
