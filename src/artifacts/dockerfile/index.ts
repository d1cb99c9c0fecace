import type { Kind } from '../document.ts';
import { dockerfileComponents } from './facts.ts';
import { parseDockerfile } from './parse.ts';

export const dockerfile: Kind<'dockerfile'> = {
  id: 'dockerfile',
  title: 'Dockerfile',
  comment: '#',
  names: /(?:^|\/)(?:[^/]*\.)?(?:Dockerfile|Containerfile|dockerfile)(?:\.[\w-]+)?$/,
  content: text => /^FROM\s+\S+/m.test(text) && /^(?:RUN|COPY|CMD|ENTRYPOINT|USER|WORKDIR)\s/m.test(text),
  parse: parseDockerfile,
  components: dockerfileComponents,
};
