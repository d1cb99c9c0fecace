import type { Program } from '../program/facts.ts';
import { reach } from '../program/reach.ts';
import { scopeOf } from '../program/resolve.ts';
import { type Route, routesOf } from '../program/routes.ts';
import { type Marks, marksOf } from './marks.ts';
import type { Dialect } from './program.ts';

export interface ReadRoute extends Route {
  marks: Marks;
}

/** Every route of a program, with what its handler does. */
export function readRoutes(program: Program, dialect: Dialect): ReadRoute[] {
  const routes = [...routesOf(program, dialect.routes), ...(dialect.moreRoutes?.(program) ?? [])];
  const seen = new Set<string>();
  return routes
    .filter(route => {
      const key = `${route.method ?? ''} ${route.path}`;
      return !seen.has(key) && seen.add(key);
    })
    .map(route => {
      const marks = marksOf(reach(route.handlers, scopeOf(route.call), program));
      if (route.kind) marks.stream = route.kind;
      return { ...route, marks: { ...marks, metrics: marks.metrics || Boolean(route.metrics) } };
    });
}
