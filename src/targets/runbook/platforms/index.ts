import { hostOf } from '../../../model/host.ts';
import type { Model } from '../../../model/model.ts';
import { cloudrun } from './cloudrun.ts';
import { compose } from './compose.ts';
import { kubernetes } from './kubernetes.ts';
import type { Platform } from './platform.ts';
import { systemd } from './systemd.ts';

/** In the order in which they are looked at: what is nearest first. */
export function platformsOf(model: Model): Platform[] {
  const { targets } = model;
  return [
    ...(targets.systemd ? [systemd(hostOf(model))] : []),
    ...(targets.compose ? [compose(model)] : []),
    ...(targets.kubernetes ? [kubernetes(model)] : []),
    ...(targets.cloudrun ? [cloudrun(model, targets.cloudrun)] : []),
  ];
}
