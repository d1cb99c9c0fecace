import { type AlertName, alertsOf } from '../../model/alerts.ts';
import { hostOf } from '../../model/host.ts';
import { isBuilt, type Model, type ProjectModel, servicesOf } from '../../model/model.ts';
import { Markdown } from '../../render/escape/markdown.ts';
import { shellWord } from '../../render/escape/shell.ts';
import { advice } from './advice/index.ts';
import { calendar } from './calendar.ts';
import { kubernetesView } from './cluster.ts';
import { githubView } from './github.ts';
import { places } from './glance.ts';
import { logsView } from './logs/index.ts';
import { platformsOf } from './platforms/index.ts';
import { secretsOf } from './secrets.ts';
import { serviceRow, sizeRow, streamNotes, timeRow } from './tables.ts';
import { cloudrunView, composeView, restoreView, sqlCommand, systemdView } from './tasks.ts';
import { troubles } from './troubles/index.ts';
import { windowsView } from './windows.ts';

export function runbookView(whole: ProjectModel): object {
  const model = { ...whole, services: servicesOf(whole, 'runbook') };
  const running = model.services.filter(({ kind }) => kind !== 'job');
  const platforms = platformsOf(model);
  const { targets, database } = model;
  return {
    name: model.name,
    environment: model.environment,
    domain: model.domain,
    version: model.image.tag ?? '1.4.2',
    places: places(model),
    services: model.services.map(serviceRow),
    times: running.map(timeRow),
    sizes: model.services.map(service => sizeRow(model, service)),
    streamNotes: streamNotes(running),
    secrets: secretsOf(model),
    github: githubView(whole),
    commands: platforms.map(each => ({
      title: each.title,
      status: each.status(running),
      logs: each.logs(running),
      usage: each.usage(running),
      restart: each.restart(running.filter(isBuilt)),
      stop: each.stop(running.filter(isBuilt)),
    })),
    health: healthChecks(model),
    logs: logsView(model),
    builds: model.services.some(isBuilt),
    pushes: model.image.registry !== undefined && (targets.compose ?? targets.kubernetes ?? targets.cloudrun),
    migrations: database?.migrations !== undefined,
    deploys: targets.systemd ?? targets.compose ?? targets.kubernetes ?? targets.cloudrun ?? targets.windows,
    systemd: targets.systemd && systemdView(model),
    compose: targets.compose && composeView(model),
    kubernetes: targets.kubernetes && kubernetesView(model),
    cloudrun: cloudrunView(model),
    windows: targets.windows && windowsView(model, targets.windows.as),
    nginx: targets.nginx !== undefined,
    database: database && {
      name: database.name,
      user: database.user,
      owner: database.owner,
      roles: sqlCommand(model, 'roles'),
      tuning: sqlCommand(model, 'tuning'),
    },
    restore: database && targets.backup && restoreView(model),
    monitoring: targets.monitoring !== undefined,
    slack: model.observability.notify.slack,
    alerts: alertsOf(model).map(name => ({ name, ...adviceFor(name, model) })),
    troubles: troubles(model),
    calendar: calendar(model),
  };
}

const adviceFor = (name: AlertName, model: Model): object => {
  const { act, ...rest } = advice(model)[name];
  return { ...rest, act: act.map(step => new Markdown(step)) };
};

/** From the machine itself, past every proxy. */
function healthChecks(model: Model): string[] {
  const { targets, domain } = model;
  const local = targets.systemd
    ? hostOf(model).services.flatMap(({ service, instances }) =>
        instances.map(({ port }) => [port, service.health?.ready.path] as const),
      )
    : targets.compose
      ? model.services.filter(isBuilt).map(({ port, health }) => [port, health?.ready.path] as const)
      : [];
  const root = model.services.find(({ publicPath, health }) => publicPath === '/' && health);
  return [
    ...local.flatMap(([port, path]) =>
      port === undefined || path === undefined
        ? []
        : [`curl --fail --silent --show-error --max-time 5 ${shellWord(`http://127.0.0.1:${port}${path}`)}`],
    ),
    ...(domain && root?.health
      ? [
          `curl --fail --silent --show-error --max-time 10 ${shellWord(`https://${domain}${root.health.ready.path}`)}`,
        ]
      : []),
  ];
}
