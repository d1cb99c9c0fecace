import { compose } from './compose/index.ts';
import { dockerfile } from './dockerfile/index.ts';
import type { AnyKind } from './document.ts';
import { env } from './env/index.ts';
import { kubernetes, kustomization } from './kubernetes/index.ts';
import { nginx } from './nginx/index.ts';
import { systemd } from './systemd/index.ts';
import { sysusers } from './sysusers/index.ts';
import { tmpfiles } from './tmpfiles/index.ts';

export const KINDS: readonly AnyKind[] = [
  compose,
  dockerfile,
  env,
  kubernetes,
  kustomization,
  nginx,
  systemd,
  sysusers,
  tmpfiles,
];
