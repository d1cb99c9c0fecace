import type { AnyDocument } from '../artifacts/document.ts';
import { expanded, UNKNOWN } from '../artifacts/shell/expand.ts';
import { optionValues } from '../artifacts/shell/script.ts';
import type { Place } from '../artifacts/text.ts';
import { environmentOf } from './assemble.ts';
import type { Context } from './context.ts';
import { callsOf, operandsOf } from './scripts.ts';
import { valuesOf } from './steps.ts';

/** One build of a Go program that is meant to be deployed. */
export interface GoBuild {
  readonly program: string;
  /** Undefined where a change of folder or a variable hides it. */
  readonly main: string | undefined;
  readonly stamped: boolean;
  readonly trimmed: boolean;
  readonly host: AnyDocument;
  readonly at: Place;
}

/** Of scripts, images and workflows; what somebody is told to type while developing is not among them. */
export const goBuilds = (context: Context): readonly GoBuild[] =>
  callsOf(context, 'go').flatMap(({ command, shell, at }) => {
    const { document, host } = shell;
    const tried = host.kind === 'markdown' || /^(?:dev|local|test)/.test(environmentOf(host.name) ?? '');
    if (command.words[1]?.raw !== 'build' || tried) return [];
    const values = valuesOf(document);
    const text = (raw: string | undefined) => (raw === undefined ? undefined : expanded(raw, values));
    const output = text(optionValues(command, '-o')[0]?.raw);
    const flags = '-o -ldflags -tags -mod -gcflags -asmflags -buildmode -p -C'.split(' ');
    const main = text(operandsOf(command, ...flags)[1]?.raw) ?? '.';
    const program = output
      ?.split('/')
      .at(-1)
      ?.replace(/\.exe$/, '');
    const hidden = main.includes(UNKNOWN) || main === '.' || shell.calls.some(each => each.name === 'cd');
    const words = command.words.map(word => text(word.raw) ?? '').join(' ');
    if (!program || program.includes(UNKNOWN)) return [];
    return [
      {
        program,
        main: hidden ? undefined : main.replace(/^\.\//, '').replace(/\/(?:main\.go)?$/, ''),
        stamped: /(?:^|[\s"'])-X[ =]/.test(words),
        trimmed: /\s-trimpath\b/.test(words),
        host,
        at,
      },
    ];
  });
