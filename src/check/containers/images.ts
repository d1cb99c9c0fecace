import { instructionsOf, type Stage } from '../../artifacts/dockerfile/dockerfile.ts';
import { lineage } from '../../artifacts/dockerfile/facts.ts';
import type { Document } from '../../artifacts/document.ts';
import { factOf } from '../../artifacts/fact.ts';
import type { ImageReference } from '../../artifacts/image.ts';
import type { Context, Member } from '../context.ts';
import { membersOf } from '../knowledge.ts';

/** The image that the set builds for a container: by its Dockerfile, or as the only one of its service. */
export function imageOf(context: Context, member: Member): Member | undefined {
  if (member.form === 'image') return member;
  const build = factOf(member, 'build')?.value;
  const images = membersOf(context, member).filter(each => each.form === 'image');
  if (build?.target !== undefined) return undefined;
  if (build) return images.find(each => each.scope === build.dockerfile);
  const image = factOf(member, 'image')?.value;
  // A program of others that only stands in the same service is not built here.
  return images.length === 1 && (image === undefined || !isOfficial(image)) ? images[0] : undefined;
}

/** The stages of the final image, the first one first. */
export function stagesOf(image: Member): readonly Stage[] {
  const { document } = image;
  const last = document.kind === 'dockerfile' ? document.body.stages.at(-1) : undefined;
  return last ? lineage((document as Document<'dockerfile'>).body, last) : [];
}

/** One of Docker's own: `python`, `docker.io/library/python`. */
export const isOfficial = ({ repository }: ImageReference): boolean =>
  /^(?:docker\.io\/)?(?:library\/)?[a-z0-9.-]+$/.test(repository) && !/^localhost$/.test(repository);

const bare = ({ repository }: ImageReference): string =>
  repository.replace(/^(?:docker\.io\/)?(?:library\/)?/, '');

/** Holds a program and what it is linked to, and nothing to call: no shell, no package manager. */
export function isBare(image: ImageReference): boolean {
  if (image.repository === 'scratch') return true;
  return (
    /^gcr\.io\/distroless\/|^cgr\.dev\/chainguard\/static$/.test(image.repository) &&
    !/debug/.test(image.tag ?? '')
  );
}

/** Whether an image starts as root; undefined where only its maker knows. */
export function startsAsRoot(image: ImageReference): boolean | undefined {
  if (
    /(?:^|-)(?:nonroot|unprivileged|rootless)(?:-|$)/.test(
      `${image.tag ?? ''}-${image.repository.split('/').at(-1)}`,
    )
  )
    return false;
  if (image.repository === 'scratch' || image.repository.startsWith('gcr.io/distroless/')) return true;
  if (
    /^(?:nvidia\/cuda|pytorch\/pytorch|continuumio\/miniconda3|tensorflow\/tensorflow)/.test(image.repository)
  )
    return true;
  // Apache starts as root and steps down itself.
  if (/apache/.test(image.tag ?? '')) return undefined;
  return isOfficial(image) && LANGUAGES.test(bare(image)) ? true : undefined;
}

/** Official images on which services are built, all of which leave the user to those. */
const LANGUAGES =
  /^(?:alpine|amazoncorretto|bash|buildpack-deps|busybox|bun|debian|eclipse-temurin|elixir|erlang|fedora|golang|gradle|maven|nginx|node|openjdk|perl|php|pypy|python|rockylinux|ruby|rust|swift|ubuntu)$/;

const ANY = [
  'sh',
  'bash',
  'ash',
  'curl',
  'wget',
  'nc',
  'grep',
  'cat',
  'test',
  'ls',
  'echo',
  'sleep',
  'kill',
  'ps',
  'true',
  'env',
];
const FETCHERS = ['curl', 'wget'];

/** What an image is known not to hold, as its maker publishes it. */
export function lackingIn(image: ImageReference): readonly string[] {
  if (isBare(image)) return ANY;
  const [name, tag] = [bare(image), image.tag ?? ''];
  // https://github.com/ollama/ollama/issues/9781, https://github.com/qdrant/qdrant/issues/3491
  if (/^(?:ollama\/ollama|qdrant\/qdrant)$/.test(name)) return FETCHERS;
  if (/^(?:node|python|alpine|redis|golang)$/.test(name) && (name === 'alpine' || /alpine/.test(tag)))
    return ['curl', 'bash'];
  if (/^(?:debian|ubuntu)$/.test(name)) return FETCHERS;
  return /^(?:node|python)$/.test(name) && /slim/.test(tag) ? FETCHERS : [];
}

/** A command by a path that no package of the system has. */
const OWN_SCRIPT = /(?:^|&&|\|\||;)\s*(?:\\\n\s*)?(?:\.{1,2}|\/(?!usr\/s?bin|s?bin\/)\w+)\/[\w./-]*(?=\s|$)/m;

/** What the final image of a Dockerfile is known not to hold: what its base lacks and no instruction brings. */
export function lackingInBuilt(image: Member): readonly string[] {
  const base = factOf(image, 'image')?.value;
  const stages = stagesOf(image);
  if (!base || stages.length === 0) return [];
  const runs = stages.flatMap(stage => instructionsOf(stage, 'RUN')).map(each => each.rest.value);
  const copies = stages.flatMap(stage => ['COPY', 'ADD'].flatMap(key => instructionsOf(stage, key)));
  // A script, a file system or a folder of programs may bring anything.
  const isOpen =
    runs.some(run => /\.sh\b|\bbash\s+-c\b.*curl.*\|/.test(run) || OWN_SCRIPT.test(run)) ||
    copies.some(copy => {
      const from = copy.flags.some(flag => flag.name === 'from');
      const sources = copy.words.slice(0, -1).map(word => word.value.replace(/(.)\/$/, '$1'));
      return (
        (from &&
          (/^\/(?:usr(?:\/local)?)?\/?$/.test(copy.words.at(-1)?.value ?? '') ||
            sources.some(source =>
              /^(?:\/|(?:\/usr(?:\/local)?)?(?:\/s?bin)?|\/rootfs.*|\/out|\/layer.*)$/.test(source),
            ))) ||
        (copy.keyword === 'ADD' && sources.some(source => /\.tar|\.tgz/.test(source)))
      );
    });
  if (isOpen) return [];
  const brought = [...runs, ...copies.map(copy => copy.rest.value)].join('\n');
  const isBrought = (tool: string) =>
    new RegExp(`(?<![\\w-])${tool}(?![\\w-])`).test(brought) ||
    (/busybox/.test(brought) && tool !== 'bash' && tool !== 'curl');
  return lackingIn(base).filter(tool => !isBrought(tool));
}
