import type { Rule } from '../../rule.ts';
import { corsOpen } from './cors-open.ts';
import { headerLost } from './header-lost.ts';
import { keepaliveUnused } from './keepalive-unused.ts';
import { openPrefix } from './open-prefix.ts';
import { proxyHeadersLost } from './proxy-headers-lost.ts';
import { retriesPosts } from './retries-posts.ts';
import { streamBuffered } from './stream-buffered.ts';
import { tls } from './tls.ts';
import { traversal } from './traversal.ts';
import { upgradeUnconditional } from './upgrade-unconditional.ts';
import { upstream } from './upstream.ts';

export const NGINX: readonly Rule[] = [
  corsOpen,
  headerLost,
  keepaliveUnused,
  openPrefix,
  proxyHeadersLost,
  retriesPosts,
  streamBuffered,
  tls,
  traversal,
  upgradeUnconditional,
  upstream,
];
