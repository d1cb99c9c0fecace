import type { AnyDocument } from '../artifacts/document.ts';
import { factOf } from '../artifacts/fact.ts';
import { expanded, UNKNOWN } from '../artifacts/shell/expand.ts';
import { optionValues, type Word } from '../artifacts/shell/script.ts';
import type { Place } from '../artifacts/text.ts';
import { at, placeOf, textOfNode } from '../artifacts/yaml.ts';
import type { Context } from './context.ts';
import { type Call, callsOf, operandsOf } from './scripts.ts';
import { valuesOf } from './steps.ts';

/** What is done with an image, by its name as far as that is known: `*` stands for the rest. */
export interface ImageUse {
  readonly does: 'builds' | 'deploys' | 'pushes' | 'scans' | 'tags';
  readonly repository: string;
  readonly tag: string;
  readonly at: Place;
  readonly host: AnyDocument;
  /** Started by hand, or to try it: docker run. */
  readonly tried?: true;
}

export const imageUses = (context: Context): readonly ImageUse[] => [
  ...callsOf(context, 'docker', 'podman', 'nerdctl', 'buildah').flatMap(ofDocker),
  ...callsOf(context, 'trivy', 'grype', 'kubectl', 'gcloud').flatMap(ofOthers),
  ...context.of('workflow').flatMap(document => ofActions(document)),
  ...context.members.flatMap(member => {
    const image = factOf(member, 'image');
    const own = member.form !== 'container' || member.platform === 'docker' || factOf(member, 'build');
    return image && !own && member.production
      ? use('deploys', image.value.raw, image.at, member.document)
      : [];
  }),
];

/** Docker's registry needs no name: `docker.io/library/x` is `x`, and no tag is latest. */
function use(does: ImageUse['does'], text: string, place: Place, host: AnyDocument): ImageUse[] {
  const name = text
    .trim()
    .replace(/@.*$/, '')
    .replace(/^docker\.io\/(?:library\/)?/, '');
  if (name === '' || name.startsWith('-')) return [];
  const colon = name.lastIndexOf(':');
  const tagged = colon > name.lastIndexOf('/');
  const repository = tagged ? name.slice(0, colon) : name;
  const tag =
    text.includes('@') || (!tagged && name.endsWith(UNKNOWN))
      ? UNKNOWN
      : tagged
        ? name.slice(colon + 1)
        : 'latest';
  return [{ does, repository, tag, at: place, host }];
}

const VALUED =
  '-t --tag -f --file --build-arg --platform --target --cache-from --cache-to --label --secret --progress --builder -e --env -p --publish -v --volume --name --network --restart -m --memory --cpus -u --user -w --workdir --env-file --entrypoint --severity --exit-code --format -o --output --ignorefile'.split(
    ' ',
  );

function uses(call: Call, does: ImageUse['does'], words: readonly (Word | undefined)[]): ImageUse[] {
  const { document, host } = call.shell;
  const values = valuesOf(document);
  return words.flatMap(word =>
    word ? use(does, expanded(word.raw, values), document.text.place(word.start), host) : [],
  );
}

function ofDocker(call: Call): ImageUse[] {
  const [verb, ...rest] = operandsOf(call.command, ...VALUED);
  const name = verb?.raw === 'buildx' || verb?.raw === 'image' ? rest.shift()?.raw : verb?.raw;
  switch (name) {
    case 'build': {
      const pushes = call.command.words.some(word => word.raw === '--push');
      const names = optionValues(call.command, '-t', '--tag');
      // A variable may bring the names.
      if (pushes && names.length === 0) return use('pushes', UNKNOWN, call.at, call.shell.host);
      return uses(call, pushes ? 'pushes' : 'builds', names);
    }
    case 'tag':
      return uses(call, 'tags', [rest[1]]);
    case 'push':
      return uses(call, 'pushes', [rest[0]]);
    case 'scout':
      return uses(call, 'scans', [rest[1]]);
    case 'run':
      return uses(call, 'deploys', [rest[0]]).map(each => ({ ...each, tried: true }));
    default:
      return [];
  }
}

function ofOthers(call: Call): ImageUse[] {
  const operands = operandsOf(call.command, ...VALUED, '-n', '--namespace');
  const words = operands.map(word => word.raw);
  if (call.name === 'grype') return uses(call, 'scans', [operands[0]]);
  if (call.name === 'trivy') return words[0] === 'image' ? uses(call, 'scans', [operands[1]]) : [];
  if (call.name === 'gcloud')
    return /^run (?:deploy|jobs|services)/.test(words.join(' '))
      ? uses(call, 'deploys', optionValues(call.command, '--image'))
      : [];
  if (!words.join(' ').startsWith('set image')) return [];
  const pairs = operands.slice(2).filter(word => word.raw.includes('='));
  return uses(
    call,
    'deploys',
    pairs.map(word => ({ ...word, raw: word.raw.replace(/^["']?[^=]*=/, '').replace(/["']$/, '') })),
  );
}

/** https://github.com/docker/build-push-action: tags in lines, or between commas. */
const ofActions = (document: Extract<AnyDocument, { kind: 'workflow' }>): ImageUse[] =>
  document.body.jobs.flatMap(job =>
    job.steps.flatMap(step => {
      const tags = at(step, 'with', 'tags');
      if (!tags || !/^docker\/build-push-action@/.test(textOfNode(at(step, 'uses')) ?? '')) return [];
      // https://github.com/docker/build-push-action#inputs: it pushes only where it is told to.
      const does = /^(?:true|\$\{\{)/.test(textOfNode(at(step, 'with', 'push')) ?? '') ? 'pushes' : 'builds';
      return (textOfNode(tags) ?? '')
        .replace(/\$\{\{[^}]*\}\}/g, UNKNOWN)
        .split(/[\n,]/)
        .flatMap(tag => use(does, tag, placeOf(tags), document));
    }),
  );
