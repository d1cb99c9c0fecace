import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Artifact } from '../../../src/artifacts/artifact.ts';
import { createEngine } from '../../../src/render/engine.ts';
import { kubernetes } from '../../../src/targets/kubernetes/index.ts';
import { runbook } from '../../../src/targets/runbook/index.ts';
import { minimal } from '../../config/fixtures.ts';
import { modelOf } from '../../model/models.ts';

const engine = await createEngine();
const model = modelOf(
  minimal('targets: {kubernetes: {}}\n', 'grpc: {port: 9090, tls: true, certificates: /etc/chat/tls}'),
);
const files: readonly Artifact[] = [...kubernetes.render(model, engine), ...runbook.render(model, engine)];
const textOf = (path: string): string => files.find(each => each.path === path)?.content ?? '';
const objectsOf = (path: string) => parseAllDocuments(textOf(path)).map(each => each.toJS());

test('the certificate of gRPC is a folder in the pod, which the program may read', () => {
  const { spec } = objectsOf('deploy/k8s/base/api.yaml').find(({ kind }) => kind === 'Deployment').spec
    .template;
  expect(spec.volumes).toContainEqual({
    name: 'certificates',
    secret: { secretName: 'chat-tls', defaultMode: 0o440 },
  });
  expect(spec.securityContext.fsGroup).toBe(spec.securityContext.runAsGroup);
  // A subPath would stay as it was when the Secret changes.
  expect(spec.containers[0].volumeMounts).toContainEqual({
    name: 'certificates',
    mountPath: '/etc/chat/tls',
    readOnly: true,
  });
});

test('its Secret is shown without values, and made by a command of the runbook', () => {
  const [secret] = objectsOf('deploy/k8s/secrets/secrets.example.yaml');
  expect(secret).toMatchObject({ type: 'kubernetes.io/tls', stringData: { 'tls.crt': '', 'tls.key': '' } });
  const [external] = objectsOf('deploy/k8s/secrets/external-secrets.example.yaml');
  expect(external.spec.target.template).toEqual({ type: 'kubernetes.io/tls' });
  expect(files.map(({ path }) => path)).not.toContain('deploy/k8s/secrets/chat-tls.env.example');
  expect(textOf('deploy/RUNBOOK.md')).toContain('kubectl --namespace chat create secret tls chat-tls --cert');
  expect(textOf('deploy/RUNBOOK.md')).toContain('rollout restart deployment/chat');
});
