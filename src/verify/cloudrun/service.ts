import { isBuilt, servicesOf } from '../../model/model.ts';
import { type CloudRunService, describeService, type Project } from '../../platforms/cloudrun/gcloud.ts';
import { blocked } from '../asking.ts';
import type { Deployment } from '../deployment.ts';
import { type Flags, fail, type Observation, type ProbeSpec } from '../probe.ts';

export interface OnCloudRun extends Project {
  readonly name: string;
  readonly version: string | undefined;
}

/** gcloud alone takes a second or two to start. */
const TIMEOUT = 30_000;

export function onCloudRun(
  { model }: Deployment,
  { platform, expectVersion }: Flags,
  title: string,
): ProbeSpec<OnCloudRun>[] {
  const settings = model?.targets.cloudrun;
  if (platform !== 'cloudrun' || !model || !settings) return [];
  const { project, region } = settings;
  return servicesOf(model, 'cloudrun')
    .filter(service => isBuilt(service) && service.kind === 'http')
    .map(({ key, unit }) => ({
      subject: key,
      name: `${title} of ${unit} in ${region}`,
      data: { project, region, name: unit, version: expectVersion },
      timeout: TIMEOUT,
    }));
}

/** The service as it is, or why there is nothing to look at. */
export async function describe(
  on: OnCloudRun,
  expected: string,
  signal: AbortSignal,
): Promise<CloudRunService | Observation> {
  const { value, obstacle } = await describeService(on, on.name, signal);
  if (obstacle) return blocked(obstacle, expected);
  if (value) return value;
  const next = `gcloud run services list --project=${on.project} --region=${on.region}`;
  return fail({
    observed: `there is no service ${on.name} in ${on.region} of ${on.project}`,
    expected,
    next,
  });
}

export const isSeen = (found: CloudRunService | Observation): found is CloudRunService => 'spec' in found;
