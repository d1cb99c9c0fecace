import { nearest } from '../nearest.ts';
import type { Config } from '../schema/config.ts';
import type { Contradiction } from './contradiction.ts';

/** Who needs whom: every name exists, and no circle waits for itself. */
export function dependencyProblems(config: Config): Contradiction[] {
  return [...unknownDependencies(config), ...databaseNameProblems(config), ...cycles(config)];
}

function unknownDependencies(config: Config): Contradiction[] {
  return Object.entries(config.services).flatMap(([name, service]) =>
    service.dependsOn.flatMap((dependency, i) => {
      const path = ['services', name, 'dependsOn', i];
      if (dependency === name) return [{ path, message: 'a service cannot depend on itself' }];
      if (dependency === 'db' && !config.database && !config.services['db'])
        return [{ path, message: '`db` needs a `database:` section', value: dependency }];
      const known = [...Object.keys(config.services), ...service.egress, 'db'];
      if (known.includes(dependency)) return [];
      const offer = nearest(dependency, known);
      return [
        {
          path,
          message: `no service, db or egress of this name; ${offer ? `did you mean "${offer}"?` : `known: ${known.join(', ')}`}`,
          value: dependency,
        },
      ];
    }),
  );
}

function databaseNameProblems(config: Config): Contradiction[] {
  if (!config.database || !config.services['db']) return [];
  return [
    { path: ['services', 'db'], message: 'duplicate name: `db` is the database of the `database:` section' },
  ];
}

function cycles(config: Config): Contradiction[] {
  const done = new Set<string>();
  const problems: Contradiction[] = [];
  const visit = (name: string, trail: readonly string[]) => {
    const start = trail.indexOf(name);
    if (start >= 0) {
      const circle = [...trail.slice(start), name].join(' -> ');
      const path = ['services', trail.at(-1) ?? name, 'dependsOn'];
      problems.push({ path, message: `these wait for each other for ever: ${circle}` });
      return;
    }
    if (done.has(name)) return;
    for (const next of config.services[name]?.dependsOn ?? [])
      if (next !== name && config.services[next]) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of Object.keys(config.services)) visit(name, []);
  return problems;
}
