import type { Context } from '../../context.ts';
import { type GoBuild, goBuilds } from '../../go-builds.ts';
import { beyondContext, type ImageBuild, imageBuilds } from '../../image-builds.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

export const buildDiffers: Rule = {
  id: 'cross/build-differs',
  severity: 'warning',
  title: 'one program that is built in different ways',
  why: 'What is tested is not what is deployed: another main package, another context, a program without its version; and a path that the context does not hold ends the build.',
  fix: 'Build it in one way: the same package, context, Dockerfile and flags in scripts, workflows and compose.',
  fixable: 'no',
  explains: ['script/unstamped-build'],
  example: {
    bad: 'go build -o chat ./cmd/chat      # Dockerfile\ngo build -o chat ./cmd/server    # build.sh',
    good: 'go build -o chat ./cmd/chat      # both',
  },
  check: context => {
    const images = imageBuilds(context);
    return oncePerPlace([
      ...images.flatMap(build => impossible(context, build)),
      ...images.flatMap((build, i) => otherContext(build, images.slice(0, i))),
      ...images.flatMap(build => otherDockerfile(context, build)),
      ...programs(goBuilds(context)),
    ]);
  },
};

function impossible(context: Context, { context: folder, dockerfile, at }: ImageBuild): Finding[] {
  const file = context.of('dockerfile').find(each => each.name === dockerfile);
  const found = file && beyondContext(file, folder);
  if (!found) return [];
  const message = `${found.path} is not there: the image is built from ${folder}, below which paths begin`;
  return [{ at: found.at, message, related: [{ ...at, message: `built from ${folder}` }] }];
}

function otherContext(build: ImageBuild, before: readonly ImageBuild[]): Finding[] {
  const other = before.find(each => each.dockerfile === build.dockerfile && each.context !== build.context);
  if (!other) return [];
  const message = `${build.dockerfile} is built from ${build.context} here, and from ${other.context} elsewhere`;
  return [{ at: build.at, message, related: [{ ...other.at, message: `from ${other.context}` }] }];
}

/** Below the folder of a file; workflows speak of the whole repository. */
const isBelow = (dockerfile: string, file: string): boolean =>
  dockerfile.startsWith(file.replace(/(?:\.github\/workflows\/)?[^/]*$/, ''));

/** An image under the name of one Dockerfile's service, built by the Dockerfile of another. */
function otherDockerfile({ members }: Context, { name, dockerfile, at }: ImageBuild): Finding[] {
  const images = members.filter(member => member.form === 'image');
  const [used, meant] = [
    images.find(image => image.scope === dockerfile),
    images.find(image => image.name !== '' && image.name === name),
  ];
  if (!used || !meant || used === meant || used.name === '' || used.name === meant.name) return [];
  // Projects beside each other call their images alike.
  if (isBelow(used.scope, at.file) && !isBelow(meant.scope, at.file)) return [];
  const message = `${name} is built by ${dockerfile}, and ${meant.scope} is for ${name}`;
  return [{ at, message, related: [{ ...meant.at, message: meant.scope }] }];
}

function programs(builds: readonly GoBuild[]): Finding[] {
  return builds.flatMap((build): Finding[] => {
    const others = builds.filter(each => each.program === build.program && each.host !== build.host);
    const first = others.find(each => builds.indexOf(each) < builds.indexOf(build));
    const { program, main, at } = build;
    if (first?.main !== undefined && main !== undefined && first.main !== main)
      return [
        {
          at,
          message: `${program} is built from ${main} here, and from ${first.main} elsewhere`,
          related: [{ ...first.at, message: `from ${first.main}` }],
        },
      ];
    const better = others.find(each => (each.stamped && !build.stamped) || (each.trimmed && !build.trimmed));
    if (!better) return [];
    const lost = better.stamped && !build.stamped ? 'the stamp of its version (-ldflags -X)' : '-trimpath';
    return [
      {
        at,
        message: `${program} is built without ${lost} here`,
        related: [{ ...better.at, message: 'and with it here' }],
      },
    ];
  });
}
