import type { Document } from '../artifacts/document.ts';
import { factsOf } from '../artifacts/fact.ts';
import { expanded, UNKNOWN } from '../artifacts/shell/expand.ts';
import { optionValues } from '../artifacts/shell/script.ts';
import { beside, type Place } from '../artifacts/text.ts';
import { at, placeOf, textOfNode } from '../artifacts/yaml.ts';
import type { Context } from './context.ts';
import { callsOf, operandsOf } from './scripts.ts';
import { valuesOf } from './steps.ts';

/** One build of an image, with its paths from the root of the project. */
export interface ImageBuild {
  readonly context: string;
  readonly dockerfile: string;
  /** The short name that the image is given, where one is. */
  readonly name: string | undefined;
  readonly at: Place;
}

export const imageBuilds = (context: Context): readonly ImageBuild[] => [
  ...ofCompose(context),
  ...ofCommands(context),
  ...ofActions(context),
];

const shortOf = (reference: string | undefined): string | undefined =>
  reference?.replace(/@.*$/, '').split('/').at(-1)?.split(':')[0];

const clean = (path: string): string => beside('x', path) || '.';

const ofCompose = ({ members }: Context): ImageBuild[] =>
  members.flatMap(member =>
    member.platform === 'compose'
      ? factsOf(member, 'build').flatMap(({ value, at: place }) =>
          value.dockerfile
            ? [{ context: value.context, dockerfile: value.dockerfile, name: member.name, at: place }]
            : [],
        )
      : [],
  );

const VALUED =
  '-t --tag -f --file --build-arg --platform --target --cache-from --cache-to --label --secret --progress --builder -o --output --network --ssh --iidfile'.split(
    ' ',
  );

const ofCommands = (context: Context): ImageBuild[] =>
  callsOf(context, 'docker', 'podman').flatMap(({ command, shell, at: place }) => {
    const operands = operandsOf(command, ...VALUED);
    const build =
      operands[0]?.raw === 'build'
        ? 1
        : operands[0]?.raw === 'buildx' && operands[1]?.raw === 'build'
          ? 2
          : 0;
    const values = valuesOf(shell.document);
    const text = (raw: string | undefined) => (raw === undefined ? undefined : expanded(raw, values));
    const folder = text(operands[build]?.raw);
    const file = text(optionValues(command, '-f', '--file')[0]?.raw) ?? `${folder}/Dockerfile`;
    // After a change of folder the paths are others.
    const moved = shell.calls.some(each => each.name === 'cd' || each.name === 'pushd');
    if (
      build === 0 ||
      folder === undefined ||
      moved ||
      /^[/-]|:\/\//.test(folder) ||
      `${folder}${file}`.includes(UNKNOWN)
    )
      return [];
    const name = shortOf(text(optionValues(command, '-t', '--tag')[0]?.raw));
    return [
      {
        context: clean(folder),
        dockerfile: clean(file),
        name: name?.includes(UNKNOWN) ? undefined : name,
        at: place,
      },
    ];
  });

/** https://github.com/docker/build-push-action: without a context it builds the repository. */
const ofActions = (context: Context): ImageBuild[] =>
  context.of('workflow').flatMap(({ body }) =>
    body.jobs.flatMap(job =>
      job.steps.flatMap((step): ImageBuild[] => {
        if (!/^docker\/build-push-action@/.test(textOfNode(at(step, 'uses')) ?? '')) return [];
        const folder = textOfNode(at(step, 'with', 'context')) ?? '.';
        const file = textOfNode(at(step, 'with', 'file')) ?? `${folder}/Dockerfile`;
        if (/\$\{\{|:\/\//.test(folder + file)) return [];
        const tag = textOfNode(at(step, 'with', 'tags'))?.split(/[\n,]/)[0];
        const name = tag?.includes('${{') ? /\/([\w.-]+):[^/]*$/.exec(tag)?.[1] : shortOf(tag);
        return [
          { context: clean(folder), dockerfile: clean(file), name, at: placeOf(at(step, 'uses') ?? step) },
        ];
      }),
    ),
  );

/** A path of the sources that a Dockerfile names although its context begins below it. */
export function beyondContext(
  { body, text }: Document<'dockerfile'>,
  folder: string,
): { path: string; at: Place } | undefined {
  if (folder === '.') return undefined;
  for (const stage of body.stages)
    for (const { keyword, flags, words, rest, start } of stage.instructions) {
      const copied =
        keyword === 'COPY' && !flags.some(flag => flag.name === 'from')
          ? words.slice(0, -1).map(word => word.value)
          : [];
      const built =
        keyword === 'RUN'
          ? [...rest.value.matchAll(/\bgo build\b[^&;|]*?\s(\.\/[\w./-]+)/g)].map(match => match[1] ?? '')
          : [];
      const path = [...copied, ...built].find(each => each.replace(/^\.?\//, '').startsWith(`${folder}/`));
      if (path !== undefined) return { path, at: text.place(start) };
    }
  return undefined;
}
