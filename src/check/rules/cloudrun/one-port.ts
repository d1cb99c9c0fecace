import { factsOf } from '../../../artifacts/fact.ts';
import { at, itemsOf, numberOf, placeOf, textOfNode, type YamlMap } from '../../../artifacts/yaml.ts';
import { cloudRunServices, portOf, titledService } from '../../cloudrun.ts';
import type { Context, Member } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';

export const onePort: Rule = {
  id: 'cloudrun/one-port',
  severity: 'error',
  title: 'a second port on Cloud Run, or gRPC over HTTP/1',
  why: 'Cloud Run leads requests to one port of one container, and to it by HTTP/1 unless HTTP/2 is asked for: metrics at another port are never scraped, and every call of gRPC fails.',
  fix: 'Serve everything at the one port, or metrics to a collector beside the container; name the port h2c, or deploy with --use-http2, for gRPC.',
  fixable: 'no',
  example: {
    bad: 'env: [{name: METRICS_PORT, value: "9090"}]',
    good: 'ports: [{name: h2c, containerPort: 8080}]   # gRPC, and metrics pushed',
  },
  check: context => [
    ...context.of('cloudrun').flatMap(({ body }) => body.flatMap(written)),
    ...cloudRunServices(context).flatMap(member => told(context, member)),
  ],
};

const containersOf = (root: YamlMap) => itemsOf(at(root, 'spec', 'template', 'spec', 'containers'));

/** https://cloud.google.com/run/docs/reference/yaml/v1#containerport: of all containers one may have a port, and that only one. */
function written(root: YamlMap): Finding[] {
  const ports = containersOf(root).flatMap(each => itemsOf(at(each, 'ports')));
  const name = textOfNode(at(root, 'metadata', 'name')) ?? '';
  const second = ports.slice(1).map(port => ({
    at: placeOf(port),
    message: `Cloud Run service ${name} opens ${numberOf(at(ports[0], 'containerPort'))} and no second port: ${numberOf(at(port, 'containerPort'))}`,
  }));
  const grpc = containersOf(root).flatMap(each =>
    ['startupProbe', 'livenessProbe'].flatMap(key => at(each, key, 'grpc') ?? []),
  );
  const [first] = ports;
  const speaks = textOfNode(at(first, 'name')) === 'h2c';
  return [
    ...second,
    ...grpc
      .filter(
        probe => !speaks && numberOf(at(probe, 'port')) === (numberOf(at(first, 'containerPort')) ?? 8080),
      )
      .map(probe => ({
        at: placeOf(first ?? probe),
        message: `Cloud Run service ${name} serves gRPC, and its port is not named h2c`,
        related: [{ ...placeOf(probe), message: 'gRPC is asked here' }],
      })),
  ];
}

/** Ports that variables name. */
function told({ members }: Context, member: Member): Finding[] {
  const beside = members.filter(
    each => each.platform === 'cloudrun' && each.name === member.name && each.document === member.document,
  );
  // A collector beside it reads what nobody outside can.
  if (beside.length > 1) return [];
  const port = portOf(member);
  const speaks = factsOf(member, 'port.listen').some(({ value }) => value.name === 'h2c');
  return factsOf(member, 'port.listen').flatMap(({ value, note, at: place }): Finding[] => {
    if (!note || !/^(?:metrics|grpc)$/.test(value.name ?? '')) return [];
    if (value.port !== port)
      return [{ at: place, message: `${titledService(member)} opens ${port} only, and ${note}` }];
    return value.name === 'grpc' && !speaks && !member.partial
      ? [
          {
            at: place,
            message: `${titledService(member)} serves gRPC (${note}), and nothing asks for HTTP/2`,
          },
        ]
      : [];
  });
}
