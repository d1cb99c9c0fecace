import type { Document } from '../document.ts';
import { type AnyFact, type Component, stated } from '../fact.ts';
import { imageReference } from '../image.ts';
import { type Dockerfile, finalStage, type Instruction, instructionsOf, type Stage } from './dockerfile.ts';

/** The image that a Dockerfile ends in; stages before it leave only what is copied from them. */
export function dockerfileComponents(document: Document<'dockerfile'>): readonly Component[] {
  const stage = finalStage(document.body);
  if (!stage) return [];
  const chain = lineage(document.body, stage);
  const facts = [
    ...baseFacts(document, chain),
    ...chain.flatMap(each => each.instructions).flatMap(each => factsOfInstruction(document, each)),
    ...commandFacts(document, chain),
  ];
  return [
    {
      platform: 'docker',
      form: 'image',
      name: nameOf(document.name),
      aliases: [],
      at: document.text.place(stage.from.start),
      scope: document.name,
      facts,
      longRunning: false,
    },
  ];
}

/** `api` of `docker/api.Dockerfile`, `Dockerfile.api` and `api/Dockerfile`. */
function nameOf(path: string): string {
  const steps = path.split('/');
  const file = steps.at(-1) ?? '';
  const own =
    /^(.+)\.(?:docker|container)file$/i.exec(file)?.[1] ??
    /^(?:docker|container)file\.(.+)$/i.exec(file)?.[1];
  return own ?? steps.at(-2) ?? '';
}

/** The stages that the final one builds on, the first one first. */
export function lineage(file: Dockerfile, stage: Stage): readonly Stage[] {
  const before = file.stages.slice(0, file.stages.indexOf(stage));
  const base = before.findLast(
    each => each.name !== undefined && each.name === stage.image.value.toLowerCase(),
  );
  return base ? [...lineage({ ...file, stages: before }, base), stage] : [stage];
}

/** The value of a global ARG where a name is made of them. */
export function expanded(file: Dockerfile, value: string): string {
  return value.replace(/\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))/g, (whole, braced, fallback, bare) => {
    const name = braced ?? bare;
    for (const arg of file.globals) {
      const text = arg.words[0]?.value ?? '';
      if (text.startsWith(`${name}=`)) return text.slice(name.length + 1).replace(/^["']|["']$/g, '');
    }
    return fallback ?? whole;
  });
}

function baseFacts(document: Document<'dockerfile'>, chain: readonly Stage[]): AnyFact[] {
  const image = chain[0]?.image;
  if (!image) return [];
  return stated(
    'image',
    imageReference(expanded(document.body, image.value)),
    document.text.place(image.start),
  );
}

function factsOfInstruction(document: Document<'dockerfile'>, instruction: Instruction): AnyFact[] {
  const at = document.text.place(instruction.start);
  switch (instruction.keyword) {
    case 'USER':
      return stated('user', { name: instruction.words[0]?.value ?? '' }, at);
    case 'EXPOSE':
      return instruction.words.flatMap(word => {
        const port = /^(\d+)(?:\/tcp)?$/.exec(word.value)?.[1];
        return port ? stated('port.listen', { port: Number(port) }, document.text.place(word.start)) : [];
      });
    case 'ENV':
      return environment(instruction).flatMap(({ name, value, start }) =>
        stated('env', { name, value }, document.text.place(start)),
      );
    case 'VOLUME':
      return instruction.words.flatMap(word =>
        stated(
          'volume',
          { kind: 'volume', target: word.value, readOnly: false },
          document.text.place(word.start),
        ),
      );
    case 'HEALTHCHECK':
      return healthcheck(document, instruction);
    default:
      return [];
  }
}

/** `ENV A=1 B="two words"`, and the old `ENV A the rest`. */
export function environment(instruction: Instruction): { name: string; value: string; start: number }[] {
  const [first] = instruction.words;
  if (first && !first.value.includes('='))
    return [
      {
        name: first.value,
        value: instruction.words
          .slice(1)
          .map(word => word.value)
          .join(' '),
        start: first.start,
      },
    ];
  return instruction.words.flatMap(word => {
    const equals = word.value.indexOf('=');
    return equals <= 0
      ? []
      : [
          {
            name: word.value.slice(0, equals),
            value: word.value.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2'),
            start: word.start,
          },
        ];
  });
}

function healthcheck(document: Document<'dockerfile'>, instruction: Instruction): AnyFact[] {
  const text = instruction.rest.value.replace(/^CMD\s+/i, '');
  if (/^NONE\b/i.test(text)) return [];
  let words: readonly string[] = ['sh', '-c', text];
  try {
    if (text.startsWith('[')) words = JSON.parse(text) as string[];
  } catch {
    return [];
  }
  return stated('health', { role: 'container', command: words }, document.text.place(instruction.start));
}

/** ENTRYPOINT and CMD as they act together: of the last of each, CMD is the default of the arguments. */
function commandFacts(document: Document<'dockerfile'>, chain: readonly Stage[]): AnyFact[] {
  const last = (keyword: string) => chain.flatMap(stage => instructionsOf(stage, keyword)).at(-1);
  const [entry, cmd] = [last('ENTRYPOINT'), last('CMD')];
  const main = entry ?? cmd;
  if (!main) return [];
  const words = (each: Instruction | undefined) => (each?.json ? each.words.map(word => word.value) : []);
  const at = document.text.place(main.start);
  if (!main.json) return stated('command', { words: ['sh', '-c', main.rest.value], shell: true }, at);
  return stated('command', { words: [...words(entry), ...words(cmd)], shell: false }, at);
}
