import { describe, isSeen, type OnCloudRun, onCloudRun } from '../cloudrun/service.ts';
import { fail, type Probe, pass } from '../probe.ts';

export const cloudrunRevision: Probe<OnCloudRun> = {
  id: 'cloudrun-revision',
  title: 'the newest revision is ready, and of the version that was asked for',
  plan: (deployment, flags) => onCloudRun(deployment, flags, 'newest revision'),
  async observe({ data }, { signal }) {
    const { name, version } = data;
    const expected = `a ready newest revision of ${name}`;
    const found = await describe(data, expected, signal);
    if (!isSeen(found)) return found;
    const {
      conditions = [],
      observedGeneration = 0,
      latestCreatedRevisionName: created,
      latestReadyRevisionName: ready,
    } = found.status ?? {};
    const next = `gcloud run revisions describe ${created} --project=${data.project} --region=${data.region}, and its logs`;
    if (observedGeneration < (found.metadata.generation ?? 0))
      return fail({
        observed: 'the last change is not carried out yet',
        expected,
        next: 'ask again with --wait 2m',
      });
    const bad = conditions.find(({ type, status }) => type === 'Ready' && status !== 'True');
    const why = bad ? `: ${bad.message ?? bad.reason ?? 'no reason given'}` : '';
    if (created !== ready)
      return fail({
        observed: `${created} is not ready${why}; ${ready ?? 'none'} still serves`,
        expected,
        next,
      });
    if (bad) return fail({ observed: `${name} is not ready${why}`, expected, next });
    const image = found.spec.template.spec.containers[0]?.image ?? '';
    // deploy.sh names an image by its digest alone, which says nothing of a version.
    const tag = /:([^/:]+)$/.exec(image.replace(/@.*$/, ''))?.[1];
    if (version !== undefined && (tag ?? version) !== version)
      return fail({
        observed: `it runs ${image}`,
        expected: `version ${version}`,
        next: `deploy ${version}`,
      });
    return pass(`${ready} is ready, of ${image}`, {
      rollout: [{ kind: 'revision', name: ready ?? '', state: 'Ready', good: true, notes: [image] }],
    });
  },
};
