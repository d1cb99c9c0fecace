import type { Host, HostService } from '../../model/host.ts';
import { isGunicorn } from './kind.ts';

const INSTALLERS: Readonly<Record<string, string>> = {
  'uv.lock': 'uv',
  'poetry.lock': 'poetry',
  'pyproject.toml': 'pyproject',
};

/** Archives of scripts/build.sh, and how the packages of a Python program get here; Node's bring theirs along. */
export function archivesOf(host: Host): object[] {
  return host.services
    .filter(({ service }) => service.source.language !== 'go')
    .map(own => ({ name: own.service.unit, ...packagesOf(own) }));
}

function packagesOf(own: HostService): object {
  const { language, manifest, interface: kind } = own.service.source;
  if (language !== 'python') return { installer: '' };
  const file = manifest.replace(/^(?:\.\/)+/, '');
  const cut = file.lastIndexOf('/');
  const servers = kind === 'asgi' ? 'gunicorn, uvicorn' : 'gunicorn';
  return {
    installer: INSTALLERS[file.slice(cut + 1)] ?? 'pip',
    folder: cut < 0 ? '.' : file.slice(0, cut),
    manifest: file,
    imports: isGunicorn(own) ? servers : '',
  };
}
