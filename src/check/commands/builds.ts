import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { type Call, callsOf, operandsOf } from '../scripts.ts';
import { listed } from '../words.ts';

export function unstampedBuilds(context: Context): readonly Finding[] {
  const builds = callsOf(context, 'go')
    .filter(isRelease)
    .map(call => ({ call, marks: marksOf(call) }));
  return builds.flatMap(({ call, marks }): Finding[] => {
    const others = builds.filter(each => each.call !== call && isSame(each.call, call));
    const lacking = MARKS.filter(
      ({ name, shipped }) =>
        !marks.has(name) &&
        // What is in an image has the image's own digest.
        !(name === 'checksum' && call.shell.host.kind === 'dockerfile') &&
        (others.some(each => each.marks.has(name)) || (shipped && isShipped(call))),
    );
    const model = others.find(each => lacking.some(({ name }) => each.marks.has(name)));
    if (lacking.length === 0) return [];
    return [
      {
        at: call.at,
        message: `this build has no ${listed(lacking.map(each => each.name))}`,
        ...(model ? { related: [{ ...model.call.at, message: 'this one of the same project has' }] } : {}),
      },
    ];
  });
}

const MARKS: readonly { readonly name: string; readonly shipped: boolean; readonly found: RegExp }[] = [
  { name: 'CGO_ENABLED=0', shipped: false, found: /CGO_ENABLED["']?\s*[=:]\s*["']?0/ },
  { name: '-trimpath', shipped: true, found: /-trimpath\b/ },
  { name: 'version stamp', shipped: true, found: /-X[ =]['"]?[\w./-]+=/ },
  { name: 'checksum', shipped: true, found: /sha256sum|shasum|SHA256SUMS|sha512sum|checksums|cosign/i },
];

const isRelease = ({ command, shell }: Call): boolean =>
  command.words[1]?.value === 'build' &&
  command.words.some(word => word.raw === '-o' || word.raw.startsWith('-o=')) &&
  !/(?:^|[/_.-])(?:dev|local|test)\w*(?=[/_.-]|$)/i.test(shell.document.name) &&
  shell.host.kind !== 'markdown';

/** The whole artifact tells: the environment stands above the command, the checksum below it. */
function marksOf({ shell }: Call): ReadonlySet<string> {
  const text = shell.host.text.content;
  return new Set(MARKS.filter(({ found }) => found.test(text)).map(each => each.name));
}

const packageOf = ({ command }: Call): string =>
  (operandsOf(command, '-o', '-ldflags', '-tags', '-gcflags', '-mod', '-p')[1]?.value ?? '.').replace(
    /^\.\/(?=.)|\/$/g,
    '',
  );
const folderOf = ({ shell: { host } }: Call): string => host.name.split('/').slice(0, -1).join('/');

/** The same package of one module; `.` is another in each folder. */
const isSame = (a: Call, b: Call): boolean =>
  packageOf(a) === packageOf(b) &&
  a.shell.host !== b.shell.host &&
  (packageOf(a) !== '.' || folderOf(a) === folderOf(b));

const isShipped = ({ shell: { host } }: Call): boolean =>
  host.kind !== 'dockerfile' &&
  /\bgh\s+release\s+(?:create|upload)|action-gh-release|upload-release-asset/.test(host.text.content);
