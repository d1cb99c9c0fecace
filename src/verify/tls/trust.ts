import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import type { Access } from '../deployment.ts';

/** Reading all authorities takes longer than a request, so it is done once for each further one. */
const contexts = new Map<string, SecureContext>();

/** The options that trust the access's own authority beside the usual ones; none where the usual ones are enough. */
export function trustOf({ ca }: Access): { secureContext?: SecureContext } {
  if (ca === undefined) return {};
  const secureContext = contexts.get(ca) ?? createSecureContext({ ca: [...rootCertificates, ca] });
  contexts.set(ca, secureContext);
  return { secureContext };
}
