import { asInstance, type Host, type HostService, type Instance } from '../../model/host.ts';
import type { Model } from '../../model/model.ts';
import { wholeSeconds } from '../../model/timing.ts';
import { environmentOf } from './environment.ts';
import { stopOf } from './limits.ts';
import { migrationOf } from './migrate.ts';
import { archivesOf } from './packages.ts';
import { plansOf } from './plan.ts';
import { credentialsOf, environmentFiles } from './settings.ts';

/** What install.sh, deploy.sh and rollback.sh know of the host. */
export function scriptsView(model: Model, host: Host): object {
  const view = factsOf(model, host);
  // A shell's linter takes a dollar sign between single quotes for a mistake.
  return { ...view, quoting: /[$`]/.test(JSON.stringify(view)) };
}

function factsOf(model: Model, host: Host): object {
  const migration = migrationOf(model, host);
  const running = host.services.filter(({ service }) => service.kind !== 'job');
  const timers = host.services
    .filter(({ service }) => service.kind === 'job' && service.schedule !== undefined)
    .map(({ service }) => `${service.unit}.timer`);
  const languages = host.services.map(({ service }) => service.source.language);
  const python = host.services.find(({ service }) => service.source.language === 'python');
  const instances = inOrder(running).flatMap(own => own.instances.map(instance => instanceOf(own, instance)));
  return {
    name: model.name,
    user: host.user,
    releases: host.releases,
    current: host.current,
    next: host.next,
    config: host.config,
    keep: host.keepReleases,
    instances,
    timers,
    enabled: running.flatMap(({ instances: all }) => all.map(({ unit }) => unit)),
    files: host.services.flatMap(({ service }) => service.files),
    programs: host.services.flatMap(({ programs }) => programs.map(({ file }) => file)),
    archives: archivesOf(host),
    python: python && `python${python.service.source.version.split('.').slice(0, 2).join('.')}`,
    node: languages.includes('node'),
    migrate: migration && `${migration.unit}.service`,
    environmentFiles: environmentFiles(model, host, migration),
    credentials: credentialsOf(model, host),
    environments: host.services.map(own => releaseEnvironment(model, own)),
    rsyslog: model.observability.logs.forward !== undefined,
    logrotate: model.targets.systemd?.log === 'file',
    plans: plansOf(
      model,
      host,
      instances.map(({ unit }) => unit),
      migration !== undefined,
    ),
  };
}

function instanceOf({ service }: HostService, instance: Instance) {
  const { port, health, timing } = asInstance(service, instance);
  return {
    unit: instance.unit,
    kind: service.kind,
    url: port !== undefined && health ? `http://127.0.0.1:${port}${health.ready.path}` : '',
    startup: wholeSeconds(timing.startup) / 1_000,
    stop: wholeSeconds(stopOf(service)) / 1_000,
  };
}

/** What others need comes first; the configuration was checked for circles. */
function inOrder(services: readonly HostService[]): HostService[] {
  const done: HostService[] = [];
  const visit = (own: HostService) => {
    if (done.includes(own)) return;
    for (const key of own.service.dependsOn.services) {
      const other = services.find(({ service }) => service.key === key);
      if (other && other !== own) visit(other);
    }
    if (!done.includes(own)) done.push(own);
  };
  services.forEach(visit);
  return done;
}

const releaseEnvironment = (model: Model, own: HostService): object => ({
  unit: own.service.unit,
  stamp: own.service.source.language !== 'go',
  tagged: own.instances.slice(0, 1).flatMap(first => environmentOf(model, own, first).tagged),
});
