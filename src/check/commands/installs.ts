import { type Call, operandsOf, pipeOf } from '../scripts.ts';

type Judge = (call: Call) => string | undefined;

const first = (call: Call, pattern: RegExp): string | undefined =>
  call.command.words.slice(2).find(word => pattern.test(word.value ?? ''))?.value;

const latest: Judge = call => {
  const name = first(call, /@(?:latest|next|master|main)$/);
  return name && `${name} is another program tomorrow`;
};

const node: Judge = call => {
  const verb = call.command.words[1]?.value ?? '';
  const global =
    call.command.words.some(word => /^(?:-g|--global)$/.test(word.raw)) ||
    (call.name === 'yarn' && verb === 'global');
  if (!global || !/^(?:i|install|add|global)$/.test(verb)) return latest(call);
  const name = operandsOf(call.command)
    .slice(call.name === 'yarn' ? 2 : 1)
    .find(
      word => word.value && /^@?[a-z][\w./-]*$/i.test(word.value) && !/^\.|\.tgz$/.test(word.value),
    )?.value;
  return name ? `${name} is installed for everyone in whatever version there is` : latest(call);
};

const VALUED = [
  '-r',
  '-c',
  '-i',
  '-t',
  '-e',
  '--index-url',
  '--extra-index-url',
  '--target',
  '--requirement',
  '--constraint',
  '--prefix',
  '--find-links',
  '-f',
  '--python',
  '--root',
];
const python: Judge = call => {
  const { words } = call.command;
  const at = words.findIndex(word => word.value === 'install');
  if (at === -1 || (call.name.startsWith('python') && words[2]?.value !== 'pip')) return undefined;
  if (words.some(word => /^(?:-c|--constraint|--no-index|--require-hashes)/.test(word.raw))) return undefined;
  const name = operandsOf({ ...call.command, words: words.slice(at) }, ...VALUED).find(
    ({ value }) =>
      value &&
      /^[a-z][\w.-]*(?:\[[\w,-]+\])?$/i.test(value) &&
      !/^(?:pip|setuptools|wheel)$|\.(?:whl|gz|txt)$/.test(value),
  )?.value;
  return name && `${name} is installed in whatever version there is`;
};

const SHELLS = /^(?:ba|da|z|k)?sh$|^python3?$/;
const downloaded: Judge = call => {
  const next = pipeOf(call)[call.whole.pipe.index + 1];
  const url = /https?:\/\/[^\s"'|)]{1,200}/.exec(call.command.words.map(word => word.raw).join(' '))?.[0];
  // A version in it says which installer it is.
  if (!url || /\d\.\d/.test(url.replace(/^\w+:\/\/[^/]*/, '')) || !next || !SHELLS.test(next.name))
    return undefined;
  return next.command.words.some(word => word.raw === '-c')
    ? undefined
    : `${url} is run unseen by ${next.name}`;
};

/** `sh -c "$(curl …)"`, `bash <(curl …)`. */
const shell: Judge = ({ command }) => {
  const found = command.words
    .slice(1)
    .map(
      word =>
        /^"?(?:\$\(|<\(|`)\s*(?:curl|wget)\s[^)`]{0,200}?(https?:\/\/[^\s"')`]{1,200})/.exec(word.raw)?.[1],
    );
  const url = found.find(each => each !== undefined);
  return url && `${url} is run unseen`;
};

const MOVING = /\/(?:main|master|latest|HEAD|develop|nightly)\//;
const manifest: Judge = call => {
  const url = call.command.words.find(word =>
    /^(?:-f|--filename=)?https?:\/\//.test(word.value ?? ''),
  )?.value;
  return url && MOVING.test(url)
    ? `${url.replace(/^\D*?(?=https?:)/, '')} is another manifest tomorrow`
    : undefined;
};

const cargo: Judge = call =>
  call.command.words[1]?.value === 'install' &&
  !call.command.words.some(word => /^--(?:version|vers|path|git|locked|list)|@/.test(word.raw))
    ? `${operandsOf(call.command)[1]?.value ?? 'a crate'} is installed in whatever version there is`
    : undefined;

/** By the program: what it installs without saying which. */
export const INSTALLERS: Readonly<Record<string, Judge>> = {
  bash: shell,
  cargo,
  curl: downloaded,
  go: call =>
    call.command.words[1]?.value === 'install' || call.command.words[1]?.value === 'get'
      ? latest(call)
      : undefined,
  kubectl: manifest,
  npm: node,
  npx: latest,
  pip: python,
  pip3: python,
  pnpm: node,
  python: python,
  python3: python,
  sh: shell,
  wget: downloaded,
  yarn: node,
};
