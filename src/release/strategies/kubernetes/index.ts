import { inCluster } from '../../../model/cluster.ts';
import type { MakeStrategy } from '../../strategy.ts';
import { contentOf } from './content.ts';
import { backsUpHere, backUp } from './database.ts';
import { alone } from './leaving.ts';
import { observing } from './observe.ts';
import type { Place } from './place.ts';
import { restoring } from './restore.ts';
import { standingOf } from './standing.ts';
import { stepsTo } from './steps.ts';
import { storeIn } from './store.ts';

/** Server-side apply of the overlay, with every image by its digest, and back by the objects of an earlier release. */
export const makeKubernetes: MakeStrategy = async ({ model, root, images }) => {
  if (!inCluster(model))
    return {
      obstacle: {
        why: 'aideploy.yaml does not name Kubernetes',
        next: 'write `kubernetes: {}` under `targets`',
      },
    };
  // The client is large: only who asks a cluster pays for it.
  const { connect } = await import('../../../platforms/kubernetes/cluster.ts');
  const { value: cluster, obstacle } = connect();
  if (obstacle) return { obstacle };
  const place: Place = { cluster, model, namespace: model.namespace, project: model.name, images };
  const store = storeIn(place);
  return {
    value: {
      platform: 'kubernetes',
      store,
      inspect: async signal => {
        const { value, obstacle: unread } = await store.releases(signal);
        return unread ? { obstacle: unread } : standingOf(place, value, signal);
      },
      content: (tag, files, signal) => contentOf(place, root, tag, files, signal),
      backup: ({ release }) =>
        backsUpHere(place)
          ? {
              title: `back up the database before ${release.id}`,
              command: undefined,
              perform: control => backUp(place, release, control),
            }
          : undefined,
      deploy: (goal, from) => stepsTo(place, goal, from, store.files, false),
      rollback: (goal, from) => stepsTo(place, goal, from, store.files, true),
      alone: goal => alone(place, goal),
      restore: backup => restoring(place, backup),
      forget: () => undefined,
      await: goal => observing(place, goal),
      notReverted: [
        'data in PersistentVolumeClaims',
        'Secrets of the namespace: pods that start again read them as they are now',
      ],
    },
  };
};
