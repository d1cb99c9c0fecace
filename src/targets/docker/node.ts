import type { BuiltService, Model } from '../../model/model.ts';
import { copyOf, splitPath } from './manifests.ts';
import { imageView } from './view.ts';

export function nodeView(model: Model, service: BuiltService): object {
  const { main, manifest, script } = service.source;
  const { installer, files } = dependencies(manifest);
  return {
    ...imageView(model, service, {
      program: ['node', main],
      stamp: true,
      notes: ['node itself, since npm would not pass SIGTERM on to it.'],
    }),
    installer,
    manifests: copyOf('', files),
    script,
    prune: script === undefined ? '' : installer === 'unlocked' ? 'npm' : installer,
  };
}

/** Which tool installs, and the files that it must see to do so. */
function dependencies(manifest: string): { installer: string; files: string[] } {
  switch (splitPath(manifest).base) {
    case 'pnpm-lock.yaml':
      return { installer: 'pnpm', files: ['package.json', 'pnpm-*.yaml', '.npmr[c]'] };
    case 'yarn.lock':
      return { installer: 'yarn', files: ['package.json', 'yarn.lock', '.npmr[c]', '.yarnr[c]'] };
    case 'package.json':
      return { installer: 'unlocked', files: ['package.json', '.npmr[c]'] };
    default:
      return { installer: 'npm', files: ['package.json', 'package-lock.json', '.npmr[c]'] };
  }
}
