import type { Service } from '../../model/model.ts';

/** What the profile `restricted` asks for. https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export const podSecurity = (user: Service['user'], withVolumes: boolean): object => ({
  runAsNonRoot: true,
  runAsUser: user.uid,
  runAsGroup: user.gid,
  // Volumes are made for root; a large one is looked through only when its top belongs to somebody else.
  ...(withVolumes ? { fsGroup: user.gid, fsGroupChangePolicy: 'OnRootMismatch' } : {}),
  seccompProfile: { type: 'RuntimeDefault' },
});

export const CONTAINER_SECURITY: object = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
