import { LOOPBACK } from './backends.ts';

/** A host of another machine: a bare name may be a service beside it, and these lead to the same host or cluster. */
export const isRemoteHost = (host: string): boolean =>
  /^[\w-]+(?:\.[\w-]+)+$/.test(host) &&
  !LOOPBACK.test(host) &&
  !/\.(?:svc|cluster\.local|localhost|docker\.internal)$|\.svc\./.test(host);
