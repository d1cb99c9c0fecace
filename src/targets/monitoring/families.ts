import type { Service } from '../../model/model.ts';
import { anyOf, quoted, regexLiteral, type Scene, selector } from './rule.ts';

/** Services that serve the family. */
export const familyServices = ({ monitoring }: Scene): Service[] =>
  monitoring.services.filter(each => each.family).map(each => each.service);

/** A metric of the family, of all services that serve it. */
export const ofFamily = (scene: Scene, name: string, ...matchers: readonly string[]): string =>
  selector(
    name,
    anyOf(
      'job',
      familyServices(scene).map(({ unit }) => unit),
    ),
    ...matchers,
  );

/** `sum by (service) (rate(…[5m]))` */
export const rateOf = (vector: string, window: string, by = 'service'): string =>
  `sum by (${by}) (rate(${vector}[${window}]))`;

/** A stream lasts as long as it may, so its duration is no latency. */
export function withoutStreams(scene: Scene): string[] {
  const { path } = scene.monitoring.names;
  const paths = familyServices(scene).flatMap(({ stream }) => stream?.paths ?? []);
  if (!path || paths.length === 0) return [];
  const patterns = [...new Set(paths)].map(each =>
    each.length > 1 && each.endsWith('/') ? `${regexLiteral(each)}.*` : regexLiteral(each),
  );
  return [`${path}!~${quoted(patterns.join('|'))}`];
}

/** Labels of a request of the proof's service. */
export const proofLabels = ({ unit }: Service): Record<string, string> => ({
  job: unit,
  service: unit,
  instance: 'one',
});
