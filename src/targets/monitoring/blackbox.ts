import type { Monitoring, Watched } from '../../model/monitoring.ts';

const TIMEOUT = '5s';

/** A module of blackbox_exporter for each kind of probe that prometheus.yml asks for. */
export function blackboxModules({ services }: Monitoring): object {
  return {
    ...(services.some(each => each.probes.length > 0)
      ? {
          health: {
            prober: 'http',
            timeout: TIMEOUT,
            http: { preferred_ip_protocol: 'ip4', follow_redirects: false },
          },
        }
      : {}),
    ...grpcModule(services),
    ...(services.some(each => each.publicProbe)
      ? {
          public: {
            prober: 'http',
            timeout: TIMEOUT,
            http: { preferred_ip_protocol: 'ip4', follow_redirects: false, fail_if_not_ssl: true },
          },
        }
      : {}),
  };
}

/** Services may be asked with TLS or without it, so two of a different kind need two modules; the first decides. */
function grpcModule(services: readonly Watched[]): object {
  const asked = services.find(each => each.grpc.length > 0);
  if (!asked) return {};
  const tls = asked.service.grpc?.tls ?? false;
  return {
    grpc: {
      prober: 'grpc',
      timeout: TIMEOUT,
      grpc: {
        preferred_ip_protocol: 'ip4',
        tls,
        // It is asked by an address that no certificate names.
        ...(tls ? { tls_config: { insecure_skip_verify: true } } : {}),
      },
    },
  };
}
