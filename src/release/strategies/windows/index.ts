import { join } from 'node:path';
import { windowsFolder } from '../../../model/windows.ts';
import type { Obstacle } from '../../../platforms/answer.ts';
import { type Site, thisWindows } from '../../../platforms/windows/site.ts';
import { checksumsOf } from '../../checksums.ts';
import type { Store } from '../../store.ts';
import type { MakeStrategy, Strategy, Surroundings } from '../../strategy.ts';
import { currentOf, type Place } from './place.ts';
import { back, bring } from './steps.ts';
import { windowsStore } from './store.ts';

/** What is for no Windows machine. */
const ELSEWHERE = /-(?:darwin|linux)-[^/]*$/;

export const makeWindows: MakeStrategy = surroundings =>
  makeOn(
    process.platform === 'win32' && surroundings.hosts.length === 0 ? thisWindows : undefined,
    surroundings,
  );

/**
 * The machine that the programs run on, by the scripts that are rendered for it: they stop, switch, start and keep the
 * record, whoever runs them. From elsewhere nobody can, so it is said what to run there.
 */
export async function makeOn(
  site: Site | undefined,
  { model, root, hosts, build }: Surroundings,
): ReturnType<MakeStrategy> {
  if (!model.targets.windows)
    return { obstacle: { why: 'aideploy.yaml has no targets.windows', next: 'add it, and render' } };
  if (!site) return { obstacle: elsewhere(model.name, hosts[0], build) };
  const place: Place = {
    site,
    folder: windowsFolder(model),
    scripts: join(root, 'deploy', 'windows'),
    build: join(root, build),
  };
  const migration = model.database?.migrations ? 'unmarked' : 'none';
  const store = windowsStore(place, { environment: model.environment ?? null, migration });
  return { value: strategyOf(place, store) };
}

/** The steps, for whoever is there. */
function elsewhere(name: string, host: string | undefined, build: string): Obstacle {
  const steps = [
    `bring the files there: scp -r deploy ${build} ${host ?? 'USER@HOST'}:${name}`,
    'deploy\\windows\\install.cmd --tag TAG the first time, then deploy\\windows\\upgrade.cmd --tag TAG',
    'aideploy verify --platform windows',
    'to go back: deploy\\windows\\rollback.cmd [VERSION]; the record: deploy\\windows\\rollback.cmd --list',
  ];
  return {
    why: `${host ?? 'this machine'} is not a Windows machine that this runs on`,
    next: [
      'run it there, as administrator, or by hand:',
      ...steps.map((step, i) => `  ${i + 1}. ${step}`),
    ].join('\n'),
  };
}

function strategyOf(place: Place, store: Store): Strategy {
  return {
    platform: 'windows',
    store,
    async inspect(signal) {
      const current = await currentOf(place);
      const { value: releases, obstacle } = await store.releases(signal);
      if (obstacle) return { obstacle };
      return {
        value: {
          current: releases.some(({ id }) => id === current) ? current : undefined,
          empty: current === undefined,
        },
      };
    },
    async content(tag) {
      const sums = await checksumsOf(place.build, tag, ELSEWHERE);
      return sums.obstacle ? sums : { value: { images: {}, checksums: sums.value, secrets: {}, files: [] } };
    },
    backup: () => undefined,
    deploy: (goal, { empty }) => [bring(place, goal, empty ? 'install' : 'upgrade')],
    rollback: goal => [back(place, goal)],
    restore: backup => [
      {
        title: `restore the database from ${backup}`,
        command: undefined,
        perform: async () => ({
          status: 'failed',
          cause:
            'the scripts for Windows restore no database: restore it where it is, then go back without --with-database',
        }),
      },
    ],
    // The folder of its record holds its programs.
    forget: () => undefined,
    notReverted: [`settings in ${place.folder}\\config`, 'the firewall'],
  };
}
