import { templates } from 'aideploy:templates';
import Handlebars from 'handlebars/runtime';
import { compileTemplate, GET, TemplateError } from './compile.ts';
import { formats } from './formats.ts';
import { expressionHelpers } from './helpers.ts';
import { Unrepresentable } from './unrepresentable.ts';

export { TemplateError } from './compile.ts';
export { Interpolated, interpolated, interpolation, mixed } from './interpolation.ts';
export { Unrepresentable } from './unrepresentable.ts';

/** Renders templates, each known by its path under templates/ without `.hbs`: `compose/compose.yaml`. */
export interface Engine {
  render(template: string, view: object): string;
}

interface EngineOptions {
  /** Sources of the project's own templates, which replace the built-in ones of the same name. */
  readonly overrides?: ReadonlyMap<string, string>;
}

/** Names of the built-in templates, sorted. */
export const templateNames: readonly string[] = Object.keys(templates);

/** Files of these kinds end their lines the way their interpreters want it: https://learn.microsoft.com/windows-server/administration/windows-commands/ */
const CRLF = /\.(?:cmd|bat|ps1)$/;

export async function createEngine({ overrides = new Map() }: EngineOptions = {}): Promise<Engine> {
  return engineOf({ ...templates, ...(await compileOverrides(overrides)) });
}

/** An engine of compiled templates, which may use each other as partials. */
export function engineOf(specifications: Readonly<Record<string, object>>): Engine {
  const partials = Object.fromEntries(
    Object.entries(specifications).map(([name, specification]) => [name, Handlebars.template(specification)]),
  );
  return {
    render(template, view) {
      const run = Object.hasOwn(partials, template) ? partials[template] : undefined;
      if (!run) throw new TemplateError(`${template}: there is no such template`);
      const text = `${run(view, { helpers, partials }).replace(/\n+$/, '')}\n`;
      return CRLF.test(template) ? text.replaceAll(/\r?\n/g, '\r\n') : text;
    },
  };
}

/** Where a project keeps its own version of a built-in template. */
const overrideFile = (template: string): string => `.aideploy/templates/${template}.hbs`;

/** The compiler is loaded for a project that has templates of its own, and for no other. */
async function compileOverrides(overrides: ReadonlyMap<string, string>): Promise<Record<string, object>> {
  if (overrides.size === 0) return {};
  const { default: compiler } = await import('handlebars');
  return Object.fromEntries(
    [...overrides].map(([name, source]) => {
      if (!Object.hasOwn(templates, name)) {
        throw new TemplateError(
          `${overrideFile(name)}: replaces no built-in template; there are ${templateNames.join(', ')}`,
        );
      }
      return [name, evaluate(compileTemplate(name, source, compiler, overrideFile(name)))];
    }),
  );
}

/** A compiled template is the source of an object literal. */
export function evaluate(compiled: string): object {
  return new Function(`return ${compiled}`)() as object;
}

interface CallOptions {
  readonly hash: Record<string, unknown>;
  readonly loc: hbs.AST.SourceLocation;
}

type Helper = (...args: unknown[]) => unknown;

const helpers: Record<string, Helper> = { [GET]: located(get) };
for (const [name, helper] of Object.entries(expressionHelpers)) {
  helpers[name] = located((...args) => helper(...args.slice(0, -1)));
}
for (const format of formats) {
  helpers[`${format.id}:write`] = located((value, place) => format.write(value, place as string));
  for (const [name, helper] of Object.entries(format.helpers ?? {})) {
    helpers[`${format.id}:${name}`] = located((value, place, ...rest) =>
      helper(value, { place: place as string, hash: (rest.at(-1) as CallOptions).hash }),
    );
  }
}

/** Errors say where in which template they arose. */
function located(helper: Helper): Helper {
  return (...args) => {
    try {
      return helper(...args);
    } catch (error) {
      if (error instanceof TemplateError) throw error;
      const { source, start } = (args.at(-1) as CallOptions).loc;
      const where = `${source}:${start.line}:${start.column + 1}`;
      if (error instanceof Unrepresentable) throw error.at(where);
      throw new TemplateError(`${where}: ${(error as Error).message}`);
    }
  };
}

/** The value of a dotted name; a name that is not there is an error, and only own properties are. */
function get(root: unknown, ...rest: unknown[]): unknown {
  const names = rest.slice(0, -1) as string[];
  let value = root;
  names.forEach((name, index) => {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) {
      const owner = index === 0 ? 'the view' : `"${names.slice(0, index).join('.')}"`;
      const known = value !== null && typeof value === 'object' ? Object.keys(value).join(', ') : 'nothing';
      throw new Error(`"${names.join('.')}" is not defined: ${owner} has no "${name}", it has ${known}`);
    }
    value = (value as Record<string, unknown>)[name];
  });
  return value;
}
