import type { Document, Embedded, Kind } from '../document.ts';
import { embed, type Text } from '../text.ts';
import { dockerfileComponents } from './facts.ts';
import { parseDockerfile } from './parse.ts';

export const dockerfile: Kind<'dockerfile'> = {
  id: 'dockerfile',
  title: 'Dockerfile',
  comment: '#',
  names: /(?:^|\/)(?:[^/]*\.)?(?:Dockerfile|Containerfile|dockerfile)(?:\.[\w-]+)?$/,
  content: text => /^FROM\s+\S+/m.test(text) && /^(?:RUN|COPY|CMD|ENTRYPOINT|USER|WORKDIR)\s/m.test(text),
  parse: parseDockerfile,
  components: dockerfileComponents,
  embedded,
};

/** What RUN hands to a shell: words in JSON are a program of their own. */
function embedded({ body, text }: Document<'dockerfile'>): readonly Embedded[] {
  const runs = body.stages
    .flatMap(stage => stage.instructions)
    .filter(each => each.keyword === 'RUN' && !each.json);
  return runs.flatMap(({ rest, heredocs }): Embedded[] =>
    rest.value.startsWith('<<')
      ? heredocs
          .filter(each => !/^#!(?!.*sh\b)/.test(each.content))
          .map(each => ({ text: each, kind: 'shell' }))
      : [{ text: commandsIn(text, rest.start, rest.value), kind: 'shell' }],
  );
}

/** Lines of comment between continued ones are no part of the command: spaces stand in their place. */
const commandsIn = (within: Text, offset: number, written: string): Text =>
  embed(within, [
    { text: written.replace(/(?<=\n)[ \t]*#[^\n]*\n/g, line => ' '.repeat(line.length)), offset },
  ]);
