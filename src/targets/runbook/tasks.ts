import { backupOf } from '../../model/backup.ts';
import { cloudRunOf } from '../../model/cloudrun.ts';
import { hostOf } from '../../model/host.ts';
import { isBuilt, type Model, servicesOf } from '../../model/model.ts';
import { seconds } from '../../model/references.ts';
import { shellWord } from '../../render/escape/shell.ts';
import { platformsOf } from './platforms/index.ts';

/** What installing, upgrading, going back and restoring need to know of each platform. */
export function systemdView(model: Model): object {
  const host = hostOf(model);
  const { instances } = { instances: model.targets.systemd?.instances ?? 1 };
  return {
    files: model.targets.systemd?.credentials === 'files',
    credentials: host.credentials,
    settings: host.services.map(each => each.environmentFile),
    keepReleases: host.keepReleases,
    single: instances === 1,
    outage: seconds(Math.max(...host.services.map(each => each.service.timing.stop), 0)),
  };
}

export function composeView(model: Model): object {
  const chosen = servicesOf(model, 'compose').filter(isBuilt);
  return {
    // A tag in the configuration is a tag in the file.
    tagged: model.image.tag !== undefined,
    pulls: model.image.registry !== undefined,
    images: [...new Set(chosen.map(({ source }) => `docker image ls ${shellWord(source.repository)}`))],
    files: model.targets.compose?.secrets === 'files',
  };
}

export function cloudrunView(model: Model): object | undefined {
  const cloud = cloudRunOf(model);
  if (!cloud || cloud.services.length === 0) return undefined;
  const where = `--project ${shellWord(cloud.settings.project)} --region ${shellWord(cloud.settings.region)}`;
  const hasSecrets = cloud.services.some(({ secrets }) => secrets.length > 0);
  const environment = model.environment === undefined ? '' : ` --env ${shellWord(model.environment)}`;
  const deploy = `aideploy deploy cloudrun${environment} --tag "$VERSION"`;
  const rollback = `aideploy rollback cloudrun${environment}`;
  return {
    deploy: [`${deploy} --dry-run`, model.database?.migrations ? `${deploy} --migration expand` : deploy],
    install: deploy,
    rollback: [`aideploy releases --platform cloudrun${environment}`, `${rollback} --dry-run`, rollback],
    secrets: hasSecrets,
    setup: `deploy/cloudrun/setup.sh${hasSecrets ? ' --secrets "$FILE"' : ''}`,
    registry: cloud.registry.kind === 'remote' ? cloud.registry.upstream : undefined,
    revisions: cloud.services.map(
      ({ service }) => `gcloud run revisions list --service ${shellWord(service.unit)} ${where}`,
    ),
  };
}

/** psql asks for the new password, and hashes it before it is sent. */
export function passwordCommand({ database, targets }: Model, role: string): string {
  const { host = 'localhost', port = 5432, name = '' } = database ?? {};
  const change = shellWord(`\\password "${role}"`);
  if (database?.host === undefined && targets.compose && !targets.systemd)
    return `docker compose -f compose.prod.yaml exec db psql --username postgres --dbname ${shellWord(name)} --command ${change}`;
  return `psql --host ${shellWord(host)} --port ${port} --username postgres --dbname ${shellWord(name)} --command ${change}`;
}

/** One of the files of `deploy/database`, by the superuser. */
export function sqlCommand({ database }: Model, file: 'roles' | 'tuning'): string {
  const { host = 'localhost', port = 5432, name = '' } = database ?? {};
  return `psql -X --host ${shellWord(host)} --port ${port} --username postgres --dbname ${shellWord(name)} --file deploy/database/${file}.sql`;
}

export function restoreView(model: Model): object | undefined {
  const backup = backupOf(model);
  const [platform] = platformsOf(model);
  const users = model.services.filter(each => each.dependsOn.database && each.kind !== 'job');
  return (
    backup && {
      program: `${backup.scripts}/restore.sh`,
      rehearse: `${backup.scripts}/rehearse.sh`,
      unit: `${backup.unit}.service`,
      dir: backup.database.backup.dir,
      encrypted: backup.database.backup.encrypt !== undefined,
      stop: platform?.stop(users) ?? [],
      start: platform?.start(users) ?? [],
    }
  );
}
