import type { Model } from '../../model/model.ts';

export interface Certificate {
  readonly chain: string;
  readonly key: string;
  /** What certbot calls it; undefined where it is not certbot's. */
  readonly lineage: string | undefined;
}

const CERTBOT = /^(\/etc\/letsencrypt\/live\/)([^/]+)(\/.+)$/;

/** The certificate of the model's own domain. */
export function certificateOf(model: Model, domain: string): Certificate {
  const settings = model.targets.nginx;
  const path = (written: string | undefined, file: string) =>
    ownPath(model, domain, written ?? `/etc/letsencrypt/live/${domain}/${file}`);
  const chain = path(settings?.certificate, 'fullchain.pem');
  const key = path(settings?.key, 'privkey.pem');
  return { chain, key, lineage: CERTBOT.exec(chain)?.[2] };
}

/**
 * `${domain}` in a path is the domain. And where ACME fetches a certificate for each domain, an environment that
 * only changes the domain does not take over the path that another domain's certificate has.
 */
function ownPath(model: Model, domain: string, written: string): string {
  const path = written.replaceAll('${domain}', domain);
  const inherited = model.environment !== undefined && model.targets.nginx?.acme;
  return inherited ? path.replace(CERTBOT, `$1${domain}$3`) : path;
}
