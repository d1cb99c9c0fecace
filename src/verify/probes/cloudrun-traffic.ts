import { describe, isSeen, type OnCloudRun, onCloudRun } from '../cloudrun/service.ts';
import { fail, type Probe, pass } from '../probe.ts';

export const cloudrunTraffic: Probe<OnCloudRun> = {
  id: 'cloudrun-traffic',
  title: 'all traffic goes to the newest ready revision',
  plan: (deployment, flags) => onCloudRun(deployment, flags, 'traffic'),
  async observe({ data }, { signal }) {
    const expected = `all traffic of ${data.name} on its newest ready revision`;
    const found = await describe(data, expected, signal);
    if (!isSeen(found)) return found;
    const { latestReadyRevisionName: newest = '', traffic = [] } = found.status ?? {};
    const shares = traffic.filter(({ percent = 0 }) => percent > 0);
    const rollout = shares.map(({ revisionName = '', percent = 0 }) => ({
      kind: 'revision',
      name: revisionName,
      state: `${percent} %`,
      good: revisionName === newest,
    }));
    const share = shares
      .filter(({ revisionName }) => revisionName === newest)
      .reduce((sum, { percent = 0 }) => sum + percent, 0);
    const told =
      shares.map(({ revisionName, percent }) => `${percent} % on ${revisionName}`).join(', ') ||
      'none at all';
    const next = `gcloud run services update-traffic ${data.name} --to-latest --project=${data.project} --region=${data.region}`;
    if (share < 100)
      return fail({ observed: told, expected: `${expected}, ${newest}`, next, detail: { rollout } });
    const pinned = shares.every(({ latestRevision }) => latestRevision !== true);
    return pass(`${told}${pinned ? '; it is pinned by name, so a deploy has to move it' : ''}`, { rollout });
  },
};
