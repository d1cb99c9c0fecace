import {
  type Dockerfile,
  type Instruction,
  instructionsOf,
  type Stage,
} from '../../artifacts/dockerfile/dockerfile.ts';
import { environment, expanded, lineage } from '../../artifacts/dockerfile/facts.ts';
import type { Document } from '../../artifacts/document.ts';
import { factsOf } from '../../artifacts/fact.ts';
import { hasOption, nameOf, optionValues, unwrapped } from '../../artifacts/shell/script.ts';
import type { Context, Member } from '../context.ts';
import { membersOf } from '../knowledge.ts';
import type { Finding } from '../rule.ts';

type DockerfileDocument = Document<'dockerfile'>;

const baseOf = (file: Dockerfile, stage: Stage): string =>
  expanded(file, lineage(file, stage)[0]?.image.value ?? '');

/** `musl` of Alpine, `none` where there is no C library; undefined where only the image knows. */
function libcOf(image: string): 'glibc' | 'musl' | 'none' | undefined {
  if (/^scratch$|distroless\/static|chainguard\/static/.test(image)) return 'none';
  if (/(?:^|\/)alpine(?::|$)|:[\w.-]*alpine/.test(image)) return 'musl';
  return /(?:^|\/)(?:debian|ubuntu|golang)(?::|$)|distroless\/(?:base|cc)/.test(image) ? 'glibc' : undefined;
}

const GO_BUILD = /\bgo\s+(?:build|install)\b/;

/** A program linked to a C library that the final image does not have. https://pkg.go.dev/cmd/cgo */
export function linkedProgram({ body: file, text }: DockerfileDocument): Finding[] {
  const last = file.stages.at(-1);
  const into = last && libcOf(baseOf(file, last));
  if (!last || into === undefined || into === 'glibc') return [];
  const sources = instructionsOf(last, 'COPY').flatMap(
    copy => copy.flags.find(flag => flag.name === 'from')?.value.toLowerCase() ?? [],
  );
  const builders = file.stages.filter(
    (stage, i) => sources.includes(stage.name ?? '') || sources.includes(String(i)),
  );
  return builders.flatMap((stage): Finding[] => {
    const chain = lineage(file, stage);
    const base = baseOf(file, stage);
    const from = libcOf(base);
    const runs = chain.flatMap(each => instructionsOf(each, 'RUN'));
    const build = runs.find(run => GO_BUILD.test(run.rest.value));
    // golang:alpine has no C compiler unless one is installed, and without one cgo is off.
    const compiler =
      from === 'glibc' || runs.some(run => /\b(?:gcc|build-base|musl-dev|clang)\b/.test(run.rest.value));
    if (!build || !/(?:^|\/)golang(?::|$)/.test(base) || !compiler || from === into || isStatic(chain, build))
      return [];
    const at = build.rest.start + (GO_BUILD.exec(build.rest.value)?.index ?? 0);
    const where =
      into === 'none' ? `no C library (${baseOf(file, last)})` : `another C library (${baseOf(file, last)})`;
    return [
      {
        at: text.place(at),
        message: `cgo is on in ${base}: the program may need a C library, and the final image has ${where}`,
        related: [{ ...text.place(last.from.start), message: baseOf(file, last) }],
        edits: [text.edit(at, at, 'CGO_ENABLED=0 ')],
      },
    ];
  });
}

const isStatic = (chain: readonly Stage[], build: Instruction): boolean =>
  /CGO_ENABLED=|-extldflags|\bnetgo\b|\bmake\b/.test(build.rest.value) ||
  chain.some(
    stage =>
      [...instructionsOf(stage, 'ENV'), ...instructionsOf(stage, 'ARG')].some(each =>
        /CGO_ENABLED/.test(each.rest.value),
      ) ||
      instructionsOf(stage, 'RUN').some(each =>
        /go env -w.*CGO_ENABLED=0|export CGO_ENABLED=0/.test(each.rest.value),
      ),
  );

/** A service that calls others by https from an image without certificates. */
export function withoutCertificates(context: Context, image: Member): Finding[] {
  const { document } = image;
  if (document.kind !== 'dockerfile') return [];
  const file = document.body;
  const last = file.stages.at(-1);
  const base = last && baseOf(file, last);
  if (!last || !base || !/^scratch$|^(?:debian|ubuntu):[\w.-]+$/.test(base)) return [];
  const written = file.stages.flatMap(stage => stage.instructions.map(each => each.rest.value)).join('\n');
  if (/ca-certificates|\/etc\/ssl|\/certs?\b|\.(?:crt|pem)\b|SSL_CERT|\.sh\b/.test(written)) return [];
  // What an installed program brings with it.
  if (/\b(?:curl|wget|git|nodejs|python3-pip|certifi)\b/.test(written)) return [];
  const call = membersOf(context, image)
    .flatMap(member => factsOf(member, 'env'))
    .find(
      ({ value: { name, value = '' } }) =>
        /^(?:OPENAI|ANTHROPIC|GEMINI|MISTRAL|GROQ|COHERE)_API_KEY$/.test(name) ||
        (/_URL$/.test(name) &&
          !/PUBLIC|SITE|FRONTEND|APP_/.test(name) &&
          /^https:\/\/[\w-]+\.[\w.-]+/.test(value)),
    );
  if (!call) return [];
  return [
    {
      at: document.text.place(last.from.start),
      message: `${base} holds no CA certificates, so every https call of the service fails`,
      related: [{ ...call.at, message: `${call.value.name} says that it makes some` }],
    },
  ];
}

/** Some step of the set builds for several platforms at once. */
export function buildsForSeveral(context: Context): boolean {
  const platforms = context.of('shell').flatMap(({ body }) =>
    body.commands
      .map(unwrapped)
      .filter(command => nameOf(command) === 'docker' && hasOption(command, '--platform'))
      .flatMap(command => optionValues(command, '--platform').flatMap(word => word.value ?? [])),
  );
  return platforms.some(value => value.includes(','));
}

/** One architecture for all platforms that are built. */
export function fixedArchitecture({ body: file, text }: DockerfileDocument, several: boolean): Finding[] {
  const isMulti =
    several || file.stages.some(stage => stage.from.flags.some(flag => /BUILDPLATFORM/.test(flag.value)));
  if (!isMulti) return [];
  return file.stages
    .flatMap(stage => stage.instructions.filter(each => /^(?:RUN|ENV)$/.test(each.keyword)))
    .flatMap((each): Finding[] => {
      const found = /\bGOARCH=["']?(amd64|arm64)\b/.exec(each.rest.value);
      const message = `GOARCH=${found?.[1]} in a build for several platforms: the others get a program that they cannot run`;
      return found ? [{ at: text.place(each.rest.start + found.index), message }] : [];
    });
}

/** Stages that are not there, or not yet. */
export function unknownStages({ body: { stages }, text }: DockerfileDocument): Finding[] {
  return stages.flatMap((stage, i) =>
    [...instructionsOf(stage, 'COPY'), ...instructionsOf(stage, 'RUN')].flatMap(each =>
      each.flags
        .filter(flag => flag.name === 'from')
        .flatMap((flag): Finding[] => {
          const name = flag.value.toLowerCase();
          const known = stages.slice(0, i).some((other, j) => other.name === name || String(j) === name);
          const later = stages.slice(i).find(other => other.name === name);
          if (known || (!later && !/^\d+$/.test(name))) return nearStage(stages, flag.start, name, text);
          const message = later
            ? `--from=${name}: that stage is only built ${later === stage ? 'here' : 'later'}`
            : `--from=${name}: there are ${i} stages before this one, the first is 0`;
          return [{ at: text.place(flag.start), message }];
        }),
    ),
  );
}

/** A name that is none of the stages is an image; one letter beside a stage it is a slip. */
function nearStage(
  stages: readonly Stage[],
  start: number,
  name: string,
  text: DockerfileDocument['text'],
): Finding[] {
  if (stages.some(stage => stage.name === name) || !/^[a-z][\w-]{2,}$/.test(name)) return [];
  const near = stages.find(
    stage =>
      stage.name !== undefined &&
      Math.abs(stage.name.length - name.length) <= 1 &&
      (stage.name.startsWith(name) || name.startsWith(stage.name) || differsInOne(stage.name, name)),
  );
  return near
    ? [{ at: text.place(start), message: `--from=${name} is no stage: is ${near.name} meant?` }]
    : [];
}

const differsInOne = (a: string, b: string): boolean =>
  a.length === b.length && [...a].filter((char, i) => char !== b[i]).length <= (a.length > 4 ? 2 : 1);

const PLATFORM =
  /^(?:BUILD|TARGET)(?:PLATFORM|OS|ARCH|VARIANT|STAGE)$|^(?:HTTPS?|FTP|NO|ALL)_PROXY$|^BUILDKIT_/i;

/** Variables that are empty where they stand: undeclared in a FROM, or declared before the first FROM alone. */
export function blankArguments({ body: file, text }: DockerfileDocument): Finding[] {
  const globals = new Set(file.globals.flatMap(each => (each.words[0]?.value ?? '').split('=')[0] ?? []));
  const bases = file.stages.flatMap(stage => {
    const name = /\$\{?(\w+)\}?/.exec(stage.image.value)?.[1];
    if (!name || globals.has(name) || PLATFORM.test(name) || /\$\{\w+:?[-+]/.test(stage.image.value))
      return [];
    return [
      {
        at: text.place(stage.image.start),
        message: `$${name} is empty: no ARG before the first FROM declares it`,
      },
    ];
  });
  const lost = file.stages.flatMap(stage => {
    const own = new Set<string>();
    return lineage(file, stage).flatMap(each =>
      each.instructions.flatMap((instruction): Finding[] => {
        if (instruction.keyword === 'ARG') own.add((instruction.words[0]?.value ?? '').split('=')[0] ?? '');
        if (instruction.keyword === 'ENV') for (const { name } of environment(instruction)) own.add(name);
        const used = usedIn(instruction).find(
          name => globals.has(name) && !own.has(name) && !isOfBase(file, stage, name),
        );
        if (!used || each !== stage) return [];
        return [
          {
            at: text.place(instruction.start),
            message: `$${used} is empty here: its ARG stands before the first FROM and is not repeated in this stage`,
          },
        ];
      }),
    );
  });
  return [...bases, ...lost];
}

/** Images say their version themselves: PYTHON_VERSION of python, NODE_VERSION of node and of what is built on it. */
function isOfBase(file: DockerfileDocument['body'], stage: Stage, name: string): boolean {
  const base = lineage(file, stage)[0]?.image.value.toLowerCase() ?? '';
  const program = /^([A-Z]+)_VERSION$/.exec(name)?.[1]?.toLowerCase();
  return program !== undefined && base.includes(program);
}

/** Variables that the builder fills in, or the shell of a RUN that does not set them itself. */
function usedIn({ keyword, rest }: Instruction): string[] {
  if (!/^(?:ENV|COPY|ADD|WORKDIR|USER|LABEL|EXPOSE|RUN)$/.test(keyword)) return [];
  return [...rest.value.matchAll(/(?<!\\)\$(?:\{(\w+)\}|(\w+))/g)]
    .map(match => match[1] ?? match[2] ?? '')
    .filter(
      name =>
        keyword !== 'RUN' ||
        !new RegExp(`(?:^|[\\s;(])(?:${name}=|(?:for|read) ${name}\\b)`).test(rest.value),
    );
}
