import type { Model } from './model.ts';

/** Where releases, settings, logs and data are on a Windows machine; its scripts and whoever reads them agree by it. */
export const windowsFolder = (model: Model): string =>
  (model.targets.windows?.dir ?? `C:\\Program Files\\${model.name}`).replace(/\\+$/, '');
