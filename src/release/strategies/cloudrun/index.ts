import { join } from 'node:path';
import { cloudRunOf } from '../../../model/cloudrun.ts';
import { machineOf } from '../../../platforms/machine.ts';
import { sourceFiles } from '../../source-files.ts';
import { type Seen, standingOf } from '../../standing.ts';
import { hostStore } from '../../store/host.ts';
import type { MakeStrategy, Step, Strategy, Surroundings } from '../../strategy.ts';
import { imagesOf, secretsOf } from './content.ts';
import { withFound } from './found.ts';
import { lookAt } from './inspect.ts';
import { leaseIn } from './lease.ts';
import type { Place } from './place.ts';
import { candidates, present, shift, watch } from './steps.ts';

/** On the way to all of the traffic, and how long each lasts; milliseconds. */
const SHARES = [10, 50];
const PAUSE = 60_000;

export const makeCloudRun: MakeStrategy = surroundings => makeWithPause(surroundings, PAUSE);

/**
 * Revisions, of which each keeps its image, its settings and its versions of secrets: a deploy makes one and moves
 * traffic there, and going back moves it again. The record is a folder of the project, and what revisions say of
 * themselves; what serves is Cloud Run's to say.
 */
export async function makeWithPause(surroundings: Surroundings, pause: number): ReturnType<MakeStrategy> {
  const { model, root, images } = surroundings;
  const cloud = cloudRunOf(model);
  if (!cloud || cloud.services.length === 0)
    return {
      obstacle: {
        why: cloud
          ? 'no service of aideploy.yaml runs on Cloud Run'
          : 'aideploy.yaml has no targets.cloudrun',
        next: 'add it, and render',
      },
    };
  const { project, region } = cloud.settings;
  const suffix = model.environment === undefined ? '' : `-${model.environment}`;
  const name = `${model.name}${suffix}`;
  const folder = join(root, '.aideploy', 'releases', `cloudrun${suffix}`);
  const units = cloud.services.map(({ service }) => service.unit);
  return { value: strategyOf({ cloud, name, units, project, region, folder, pause, images }, surroundings) };
}

function strategyOf(place: Place, { model, root }: Surroundings): Strategy {
  const { cloud, units } = place;
  const migration = model.database?.migrations ? 'unmarked' : 'none';
  const kept = withFound(hostStore(machineOf(undefined), place.folder), place, migration);
  // Where Secret Manager is not used it need not be there: then the folder has the lease, too.
  const shared = cloud.services.some(({ secrets, files }) => secrets.length + files.length > 0);
  const store = shared ? { ...kept, ...leaseIn(place.project, `${place.name}-deploy-lease`) } : kept;
  return {
    platform: 'cloudrun',
    store,
    async inspect(signal) {
      const seen: Seen[] = [];
      for (const { value, obstacle } of await Promise.all(units.map(unit => lookAt(place, unit, signal)))) {
        if (obstacle) return { obstacle };
        seen.push(value);
      }
      const releases = await store.releases(signal);
      return releases.obstacle ? releases : { value: standingOf(seen, releases.value) };
    },
    async content(tag, _, signal) {
      const images = await imagesOf(place, tag, signal);
      if (images.obstacle) return images;
      const secrets = await secretsOf(cloud, signal);
      if (secrets.obstacle) return secrets;
      const services = cloud.services.map(({ service }) => service);
      const files = await sourceFiles(root, services, 0o600);
      if (files.obstacle) return files;
      return { value: { images: images.value, checksums: {}, secrets: secrets.value, files: files.value } };
    },
    backup: () => undefined,
    deploy: (goal, { empty }) => [
      candidates(place, goal),
      ...(empty ? [] : SHARES.flatMap(percent => [shift(place, goal, percent), watch(place, goal, percent)])),
      shift(place, goal, 100),
    ],
    rollback: goal => [present(place, goal), shift(place, goal, 100)],
    restore: backup => [notHere(backup)],
    // Cloud Run removes old revisions by itself, and one without traffic costs nothing.
    forget: () => undefined,
    notReverted: [
      'who may call, the domain, and what stands at the services themselves: ingress, instances that are kept ready',
      'versions of secrets that were disabled or destroyed since',
    ],
  };
}

const notHere = (backup: string): Step => ({
  title: `restore the database from ${backup}`,
  command: undefined,
  perform: async () => ({
    status: 'failed',
    cause: 'the database is not on Cloud Run: restore it where it is, then go back without --with-database',
  }),
});
