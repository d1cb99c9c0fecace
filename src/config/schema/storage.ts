import { absolutePath, dnsLabel, line, projectPath, size } from './scalars.ts';
import { section } from './section.ts';

export const mountPath = () =>
  absolutePath().refine(path => /[^/]/.test(path), {
    error: 'a folder such as /data: the root is the image',
  });
export const volume = section({ name: dnsLabel(40), path: mountPath(), size: size().default(2 ** 30) });
export const file = section({ path: mountPath(), source: projectPath() });

export const modelName = () =>
  line().regex(/^[A-Za-z0-9][A-Za-z0-9._/:-]*$/, { error: 'the name of a model, such as llama3.2:1b' });
