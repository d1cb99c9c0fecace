import type { Model } from '../../../model/model.ts';
import { shellWord } from '../../../render/escape/shell.ts';
import { type Advice, commands, ROLLBACK } from './advice.ts';

type Presence =
  | 'ServiceDown'
  | 'MetricsAbsent'
  | 'ProbeFailing'
  | 'UnitFailed'
  | 'RestartLoop'
  | 'CertificateExpires'
  | 'ExporterDown';

export function presence(model: Model): Record<Presence, Advice> {
  const { status, logs } = commands(model);
  return {
    ServiceDown: {
      meaning: 'The service does not answer on its metrics port, or has no copy that is ready.',
      look: [...status, ...logs],
      act: [ROLLBACK, 'If it ended by itself, start it again and keep the log for the report.'],
    },
    MetricsAbsent: {
      meaning: 'Prometheus has no target of that name at all.',
      look: [...status, 'promtool check config deploy/monitoring/prometheus.yml'],
      act: [
        'If the service runs, Prometheus runs with an older configuration or in another network: load the rendered one.',
      ],
    },
    ProbeFailing: {
      meaning: 'A request to its readiness path was not answered with success for two minutes.',
      look: [...status, ...logs],
      act: [
        'If only the public probe fails, look at name, certificate and proxy; if the health probe fails too, at the service.',
        'Unready but alive means that it starts, stops, or lacks something it depends on: its log says which.',
        ROLLBACK,
      ],
    },
    UnitFailed: {
      meaning: 'systemd started it as often as it may, and leaves it stopped.',
      look: [...status, ...logs],
      act: [
        'A wrong setting or a missing secret is the usual cause: the last lines of the log name it. Mend it, then start the unit.',
        ROLLBACK,
      ],
    },
    RestartLoop: {
      meaning: 'It ends soon after each start.',
      look: [...status, ...logs],
      act: ['Killed without a word in its log: see MemoryHigh. Else the log’s last lines say why.', ROLLBACK],
    },
    CertificateExpires: {
      meaning: 'The certificate that clients see was not renewed.',
      look: model.domain
        ? [
            `openssl s_client -connect ${shellWord(`${model.domain}:443`)} -servername ${shellWord(model.domain)} </dev/null | openssl x509 -noout -subject -dates`,
          ]
        : [],
      act: model.targets.nginx?.acme
        ? [
            'Run `sudo certbot renew`, then `sudo systemctl reload nginx`. Port 80 has to be reachable from outside.',
          ]
        : ['Put the renewed certificate with its chain in place, and reload whatever ends TLS.'],
    },
    ExporterDown: {
      meaning:
        'One of the tools that measure, or Alertmanager, does not answer: what it measures is not watched.',
      look: ['promtool check config deploy/monitoring/prometheus.yml'],
      act: ['Start it again with the flags that the comments of `deploy/monitoring/prometheus.yml` name.'],
    },
  };
}
