import type { Document } from '../../artifacts/document.ts';
import { goDuration } from '../../artifacts/quantities.ts';
import type { Place } from '../../artifacts/text.ts';
import { at, entriesOf, itemsOf, placeOf, textOfNode, type YamlNode } from '../../artifacts/yaml.ts';
import type { Context } from '../context.ts';

/** A job of Prometheus: what it scrapes, and how often. */
export interface Job {
  readonly document: Document<'prometheus'>;
  readonly name: string;
  readonly node: YamlNode;
  readonly at: Place;
  readonly interval: number;
  readonly path: string;
  readonly targets: readonly Target[];
  /** What it scrapes is found when it runs. */
  readonly discovers: boolean;
  /** Targets are asked by an exporter: they are its parameters. */
  readonly probes: boolean;
}

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly at: Place;
}

/** https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
const MINUTE = 60_000;

export const durationOf = (node: YamlNode | undefined): number | undefined =>
  prometheusDuration(textOfNode(node) ?? '');

/** With days, weeks and years: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#configuration-file */
export function prometheusDuration(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([dwy])$/.exec(text) ?? [];
  const days = { d: 1, w: 7, y: 365 }[unit ?? ''];
  return amount && days ? Number(amount) * days * 24 * 60 * MINUTE : goDuration(text);
}

export const jobsOf = ({ of }: Context): readonly Job[] => of('prometheus').flatMap(jobsIn);

function jobsIn(document: Document<'prometheus'>): readonly Job[] {
  const global = durationOf(at(document.body, 'global', 'scrape_interval')) ?? MINUTE;
  return itemsOf(at(document.body, 'scrape_configs')).map(node => {
    const path = textOfNode(at(node, 'metrics_path')) ?? '/metrics';
    const statics = itemsOf(at(node, 'static_configs')).flatMap(each => itemsOf(at(each, 'targets')));
    return {
      document,
      name: textOfNode(at(node, 'job_name')) ?? '',
      node,
      at: placeOf(at(node, 'job_name') ?? node),
      interval: durationOf(at(node, 'scrape_interval')) ?? global,
      path,
      targets: statics.flatMap(targetOf),
      discovers: entriesOf(node).some(({ key }) => /_sd_configs$/.test(key.source)),
      probes:
        path === '/probe' ||
        at(node, 'params', 'module') !== undefined ||
        at(node, 'params', 'target') !== undefined,
    };
  });
}

function targetOf(node: YamlNode): Target[] {
  const [, host, port] =
    /^(?:https?:\/\/)?(\[[\da-f:]+\]|[\w.-]+):(\d+)$/i.exec(textOfNode(node) ?? '') ?? [];
  return host ? [{ host: host.toLowerCase(), port: Number(port), at: placeOf(node) }] : [];
}

/** Nothing is scraped that is not written here. */
export const isStatic = (jobs: readonly Job[]): boolean =>
  jobs.length > 0 &&
  jobs.every(each => !each.discovers && each.path !== '/federate') &&
  jobs.every(({ document: { body } }) => !at(body, 'scrape_config_files'));
