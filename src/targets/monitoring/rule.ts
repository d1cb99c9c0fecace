import type { AlertName } from '../../model/alerts.ts';
import type { Model } from '../../model/model.ts';
import type { Monitoring } from '../../model/monitoring.ts';

/** What rules are made from. */
export interface Scene {
  readonly model: Model;
  readonly monitoring: Monitoring;
}

export interface Recording {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** An alert, with the samples that prove when it fires and when it does not. */
export interface Alert {
  readonly alert: AlertName;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'critical' | 'warning';
  readonly labels?: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly description: string;
  readonly proof: Proof;
}

export interface Proof {
  readonly bad: readonly Series[];
  readonly good: readonly Series[];
  /** When they are looked at. */
  readonly at: string;
  /** Those of the alert beside its own. */
  readonly labels: Readonly<Record<string, string>>;
  /** What `{{ $value … }}` is then, as it is printed. */
  readonly value?: string;
}

/** Samples a minute apart, in promtool's notation: https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/ */
export interface Series {
  readonly series: string;
  readonly values: string;
}

/** A text in an expression, between the quotes that YAML and JSON leave alone. */
export const quoted = (text: string): string =>
  `'${text.replaceAll(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'`;

export const regexLiteral = (text: string): string => text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');

/** A matcher of any of these texts. */
export const anyOf = (label: string, texts: readonly string[]): string =>
  texts.length === 1
    ? `${label}=${quoted(texts[0] ?? '')}`
    : `${label}=~${quoted(texts.map(regexLiteral).join('|'))}`;

export const selector = (name: string, ...matchers: readonly (string | undefined)[]): string => {
  const given = matchers.filter(matcher => matcher !== undefined && matcher !== '');
  return given.length === 0 ? name : `${name}{${given.join(', ')}}`;
};

/** A series of a proof. */
export const series = (name: string, labels: Readonly<Record<string, string>>, values: string): Series => ({
  series: selector(name, ...Object.entries(labels).map(([key, value]) => `${key}=${JSON.stringify(value)}`)),
  values,
});

/** A number without the noise of binary fractions. */
export const plain = (value: number): string => String(Number(value.toPrecision(6)));

/** A threshold that can still be passed. */
export const belowAll = (objective: number): string => plain(Math.min(objective, 0.99));
