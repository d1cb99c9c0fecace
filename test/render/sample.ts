import handlebars from 'handlebars';
import { compileTemplate } from '../../src/render/compile.ts';
import { type Engine, engineOf, evaluate } from '../../src/render/engine.ts';

/** An engine of templates written in a test. */
export function engineWith(sources: Readonly<Record<string, string>>): Engine {
  return engineOf(
    Object.fromEntries(
      Object.entries(sources).map(([name, source]) => [
        name,
        evaluate(compileTemplate(name, source, handlebars)),
      ]),
    ),
  );
}

export function renderOnce(template: string, source: string, view: object): string {
  return engineWith({ [template]: source }).render(template, view);
}
