import { familyServices, ofFamily, rateOf } from './families.ts';
import { anyOf, quoted, type Recording, type Scene, selector } from './rule.ts';

/** Windows of the error budget's alerts: https://sre.google/workbook/alerting-on-slos/ */
export const WINDOWS = ['5m', '30m', '1h', '6h', '3d'] as const;
type Window = (typeof WINDOWS)[number];

export const errorRatio = (window: Window): string => `service:errors:ratio_rate${window}`;

/** The share of requests that failed; of services that do not count them, the share of probes. */
export function errorRatios(scene: Scene, windows: readonly Window[] = WINDOWS): Recording[] {
  return windows.flatMap(window => {
    const ratios = [
      ...counted(scene, window),
      ...probed(window, 'health', healthProbed(scene)),
      ...probed(window, 'public', publiclyProbed(scene)),
    ];
    return ratios.length === 0 ? [] : [{ record: errorRatio(window), expr: ratios.join(' or ') }];
  });
}

function counted(scene: Scene, window: Window): string[] {
  const { requests, failed, errors } = scene.monitoring.names;
  if (!requests || !countsErrors(scene)) return [];
  const all = rateOf(ofFamily(scene, requests), window);
  // A service that never failed has no series of failures yet.
  const bad = failed
    ? `(${rateOf(ofFamily(scene, requests, failed), window)} or 0 * ${all})`
    : rateOf(ofFamily(scene, errors ?? ''), window);
  return [`${bad} / (${all} > 0)`];
}

export const countsErrors = (scene: Scene): boolean => {
  const { requests, failed, errors } = scene.monitoring.names;
  return familyServices(scene).length > 0 && requests !== undefined && (failed ?? errors) !== undefined;
};

const uncounted = (scene: Scene) =>
  scene.monitoring.services.filter(each => !(each.family && countsErrors(scene)));

export const healthProbed = (scene: Scene): string[] =>
  uncounted(scene)
    .filter(each => each.probes.length > 0)
    .map(each => each.service.unit);

export const publiclyProbed = (scene: Scene): string[] =>
  uncounted(scene)
    .filter(each => each.probes.length === 0 && each.publicProbe !== undefined)
    .map(each => each.service.unit);

function probed(window: Window, probe: string, units: readonly string[]): string[] {
  if (units.length === 0) return [];
  const success = selector('probe_success', `probe=${quoted(probe)}`, anyOf('service', units));
  return [`1 - avg by (service) (avg_over_time(${success}[${window}]))`];
}
