import { type Instruction, instructionsOf } from '../../artifacts/dockerfile/dockerfile.ts';
import type { Document } from '../../artifacts/document.ts';
import { type Command, nameOf, valueAt } from '../../artifacts/shell/script.ts';
import type { Context, Member } from '../context.ts';
import type { Finding } from '../rule.ts';
import { stagesOf } from './images.ts';

/** Anything that a shell does for its command: without it the words are the command. */
const SHELL_SYNTAX = /[$&|;<>*?'"`~(){}[\]#\\\n!]|^\w+=/;

/** The entry point in shell form: sh is the first process, and the program below it hears no signal. */
export function shellForms(image: Member): Finding[] {
  const { text } = image.document;
  const last = (keyword: string) =>
    stagesOf(image)
      .flatMap(stage => instructionsOf(stage, keyword))
      .at(-1);
  const [entry, command] = [last('ENTRYPOINT'), last('CMD')];
  return [entry, entry ? undefined : command]
    .filter((each): each is Instruction => each !== undefined && isOpen(each))
    .map(each => {
      const words = each.rest.value.trim();
      const edits = SHELL_SYNTAX.test(words)
        ? []
        : [
            text.edit(
              each.rest.start,
              each.rest.end,
              JSON.stringify(words.split(/\s+/)).replaceAll('","', '", "'),
            ),
          ];
      const message = `${each.keyword} ${shortened(words)} runs below a shell, which keeps SIGTERM to itself`;
      return { at: text.place(each.start), message, edits };
    });
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}...` : text);

/** `exec` as its last step makes the program the first process. */
const isOpen = ({ json, rest, words }: Instruction): boolean =>
  json
    ? /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh$/.test(words[0]?.value ?? '') &&
      /^-\w*c$/.test(words[1]?.value ?? '') &&
      words.length === 3 &&
      !/(?:^|[;&|\n]\s*)exec\s/.test(words[2]?.value ?? '')
    : !/^(?:\[\s*\])?$/.test(rest.value.trim()) && !/(?:^|[;&|]\s*|\\\n\s*)exec\s/.test(rest.value);

const SERVER =
  /^(?:gunicorn|uvicorn|hypercorn|daphne|celery|node|npm|npx|yarn|pnpm|python[\d.]*|java|ruby|puma|bundle|flask|streamlit|nginx|php-fpm|"?\$@"?)$/;

/** A script as entry point whose last step starts the program and waits for it. */
export function wrappers(context: Context, image: Member): Finding[] {
  const entry = stagesOf(image)
    .flatMap(stage => [...instructionsOf(stage, 'ENTRYPOINT'), ...instructionsOf(stage, 'CMD')])
    .find(
      each =>
        each.json && /\.sh$/.test(each.words.map(word => word.value).find(word => /\.sh$/.test(word)) ?? ''),
    );
  const file = entry?.words
    .map(word => word.value)
    .find(word => word.endsWith('.sh'))
    ?.split('/')
    .at(-1);
  const scripts = context.of('shell').filter(({ name }) => name.split('/').at(-1) === file);
  const [script] = scripts;
  return file && script && scripts.length === 1 ? unreplaced(script, image) : [];
}

function unreplaced({ body, text }: Document<'shell'>, image: Member): Finding[] {
  const commands = body.commands.filter(each => each.within === undefined && !each.substituted);
  const last = commands.reduce<Command | undefined>(
    (found, each) => (found === undefined || each.start > found.start ? each : found),
    undefined,
  );
  // Somebody who traps signals, or waits for what runs beside, passes them on himself.
  const handles = body.commands.some(each => /^(?:trap|wait|exec|tini|dumb-init)$/.test(nameOf(each)));
  const program = last && (valueAt(last, 0) ?? last.words[0]?.raw ?? '').split('/').at(-1);
  if (!last || !program || handles || last.background || last.pipe.of > 1 || !SERVER.test(program)) return [];
  return [
    {
      at: text.place(last.start),
      message: `${program.replaceAll('"', '')} runs below this script, which keeps SIGTERM to itself: exec is missing`,
      related: [{ ...image.at, message: 'the image that starts it' }],
    },
  ];
}
