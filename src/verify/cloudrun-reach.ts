import type { Model } from '../model/model.ts';
import { servicesOf } from '../model/model.ts';
import { describeService } from '../platforms/cloudrun/gcloud.ts';
import { identityToken } from '../platforms/cloudrun/identity.ts';
import type { Reach } from './endpoints.ts';

/** Where Cloud Run serves, and, for services that are not for everybody, who is asking; what was said on the command line wins. */
export async function cloudRunReach(model: Model, reach: Reach, signal: AbortSignal): Promise<Reach> {
  const settings = model.targets.cloudrun;
  if (!settings || reach.url) return reach;
  const described = await Promise.all(
    servicesOf(model, 'cloudrun').map(async ({ key, unit }) => {
      const url = (await describeService(settings, unit, signal)).value?.status?.url;
      return url !== undefined && URL.canParse(url) ? [[key, new URL(url)] as const] : [];
    }),
  );
  const addresses = Object.fromEntries(described.flat());
  const [first] = Object.values(addresses);
  if (!first || settings.public || reach.token !== undefined) return { ...reach, addresses };
  return { ...reach, addresses, token: (await identityToken(first.origin, signal)).value };
}
