import type { CloudRunService } from '../../model/cloudrun.ts';
import { type Interpolated, interpolation } from '../../render/engine.ts';

const MIB = 2 ** 20;

interface Volumes {
  readonly mounts: readonly { readonly name: string; readonly mountPath: string }[];
  /** Memory of the instance, gone with it. */
  readonly scratch: readonly { readonly name: string; readonly emptyDir: object }[];
  /** One file each, from Secret Manager: it mounts folders, so each has one of its own. */
  readonly files: readonly {
    readonly name: string;
    readonly id: string;
    readonly file: string;
    readonly version: Interpolated;
  }[];
}

export function volumesOf({ service, files, memory }: CloudRunService): Volumes {
  return {
    mounts: [
      ...service.volumes.map(({ name, path }) => ({ name, mountPath: path })),
      ...files.map(({ path }, i) => ({
        name: `file-${i + 1}`,
        mountPath: path.slice(0, path.lastIndexOf('/')) || '/',
      })),
    ],
    scratch: service.volumes.map(({ name, size }) => ({
      name,
      emptyDir: {
        medium: 'Memory',
        sizeLimit: `${Math.max(1, Math.floor(Math.min(size, memory / 2) / MIB))}Mi`,
      },
    })),
    files: files.map(({ id, path }, i) => ({
      name: `file-${i + 1}`,
      id,
      file: path.slice(path.lastIndexOf('/') + 1),
      version: interpolation(`\${AIDEPLOY_FILE_${i + 1}}`),
    })),
  };
}
