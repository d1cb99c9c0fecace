import { gcloud, secretsOf } from '../../platforms/cloudrun/gcloud.ts';
import { blocked } from '../asking.ts';
import { describe, isSeen, type OnCloudRun, onCloudRun } from '../cloudrun/service.ts';
import { fail, type Probe, pass, skip } from '../probe.ts';

interface Version {
  readonly name: string;
  readonly state: string;
}

export const cloudrunSecrets: Probe<OnCloudRun> = {
  id: 'cloudrun-secrets',
  title: 'every version of a secret that the service starts with is there and enabled',
  plan: (deployment, flags) => onCloudRun(deployment, flags, 'secrets'),
  async observe({ data }, { signal }) {
    const expected = 'enabled versions of every secret';
    const found = await describe(data, expected, signal);
    if (!isSeen(found)) return found;
    const refs = secretsOf(found);
    if (refs.length === 0) return skip(`${data.name} takes no secrets`);
    const told: string[] = [];
    for (const { name, key } of refs) {
      const at = `--project=${data.project}`;
      const { value, obstacle } = await gcloud<Version>(
        ['secrets', 'versions', 'describe', key, `--secret=${name}`, at],
        signal,
      );
      if (obstacle) return blocked(obstacle, expected);
      const next = `gcloud secrets versions list ${name} ${at}`;
      if (!value) return fail({ observed: `${name} has no version ${key}`, expected, next });
      const number = value.name.split('/').at(-1);
      if (value.state.toLowerCase() !== 'enabled')
        return fail({
          observed: `version ${number} of ${name} is ${value.state.toLowerCase()}`,
          expected,
          next,
        });
      told.push(`${name} ${key === number ? number : `${key} (${number})`}`);
    }
    return pass(`enabled: ${told.join(', ')}`);
  },
};
