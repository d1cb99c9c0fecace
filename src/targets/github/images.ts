import type { BuiltService, Model } from '../../model/model.ts';
import type { Registry, Workflows } from '../../model/workflows.ts';
import { dockerfilePath } from '../dockerfile-path.ts';

/** Rows of the matrix that builds images. */
export const imageRows = (model: Model, services: readonly BuiltService[]): object[] =>
  services.map(service => ({
    service: service.key,
    unit: service.unit,
    context: service.source.context,
    dockerfile: dockerfilePath(model, service),
  }));

interface Login {
  readonly host: string;
  /** A name that all have, or an expression for one. */
  readonly account: string;
  readonly username: string;
  readonly password: string;
  /** An expression; always where there is none. */
  readonly when: string;
}

const GITHUB: Login = {
  host: 'ghcr.io',
  account: '',
  username: 'github.actor',
  password: 'github.token',
  when: '',
};
const DOCKER: Login = {
  host: 'docker.io',
  account: '',
  username: 'vars.DOCKERHUB_USERNAME',
  password: 'secrets.DOCKERHUB_TOKEN',
  when: '',
};

function loginOf({ host, kind }: Registry): Login {
  if (kind === 'github') return GITHUB;
  if (kind === 'docker') return DOCKER;
  if (kind === 'google')
    return {
      host,
      account: 'oauth2accesstoken',
      username: '',
      password: 'steps.google.outputs.access_token',
      when: '',
    };
  return {
    host,
    account: '',
    username: 'vars.REGISTRY_USERNAME',
    password: 'secrets.REGISTRY_PASSWORD',
    when: '',
  };
}

/** What Google's login is for: a token for its registry, a file for the programs that ask its platforms. */
interface Google {
  readonly token: boolean;
  readonly file: boolean;
}

/** Whom a job logs in to: Google where it needs it, and registries. */
export const loginsOf = (google: Google, registry: Registry | undefined) => ({
  google: google.token || google.file ? google : undefined,
  logins: registry ? [loginOf(registry)] : [],
});

/** Where images go: the configuration's registry, and for a release GitHub's and Docker's too. */
export function imagesView(model: Model, { services, registry }: Workflows, published: boolean): object {
  const also = (login: Login, kind: Registry['kind']) => (published && registry.kind !== kind ? [login] : []);
  const { google, logins } = loginsOf({ token: registry.kind === 'google', file: false }, registry);
  return {
    images: imageRows(model, services),
    platforms: model.image.platforms,
    repository: model.image.registry
      ? `format('${model.image.registry}/{0}', matrix.unit)`
      : "format('ghcr.io/{0}/{1}', github.repository_owner, matrix.unit)",
    mirrors: {
      ghcr: published && registry.kind !== 'github',
      dockerhub: published && registry.kind !== 'docker',
    },
    google,
    packages: registry.kind === 'github',
    logins: [
      ...logins,
      ...also(GITHUB, 'github'),
      ...also({ ...DOCKER, when: "vars.DOCKERHUB_NAMESPACE != ''" }, 'docker'),
    ],
  };
}
