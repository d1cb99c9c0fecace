import { type Dockerfile, finalStage } from '../artifacts/dockerfile/dockerfile.ts';
import { expanded } from '../artifacts/dockerfile/facts.ts';
import { imageReference } from '../artifacts/image.ts';
import type { Context } from './context.ts';
import type { Finding } from './rule.ts';
import { shellsOf } from './scripts.ts';
import type { VersionUse } from './version-use.ts';

/** The client that a distribution installs where no version is named: https://packages.debian.org/postgresql-client */
const OF_DISTRIBUTION: Readonly<Record<string, number>> = {
  bookworm: 15,
  bullseye: 13,
  buster: 11,
  focal: 12,
  jammy: 14,
  noble: 16,
  trixie: 17,
};
const CODENAMES: Readonly<Record<string, string>> = {
  'debian:11': 'bullseye',
  'debian:12': 'bookworm',
  'debian:13': 'trixie',
  'ubuntu:20.04': 'focal',
  'ubuntu:22.04': 'jammy',
  'ubuntu:24.04': 'noble',
};

/** Installed clients that the known servers are newer than: pg_dump refuses these. */
export function outdatedClients(context: Context, uses: readonly VersionUse[]): readonly Finding[] {
  const servers = uses.filter(use => use.product === 'postgres');
  const newest = servers.reduce<VersionUse | undefined>(
    (best, use) => (best && Number(best.version) >= Number(use.version) ? best : use),
    undefined,
  );
  if (!newest) return [];
  return shellsOf(context).flatMap(shell =>
    shell.calls
      .filter(({ name }) => /^(?:apt|apt-get|apk|dnf|yum)$/.test(name))
      .flatMap(({ command }) => command.words)
      .flatMap((word): Finding[] => {
        const [client, before, behind] = /^postgresql(\d*)-client(?:-(\d+))?(?:=.*)?$/.exec(word.raw) ?? [];
        if (client === undefined) return [];
        const named = behind || before;
        const base = shell.host.kind === 'dockerfile' ? codenameOf(shell.host.body) : undefined;
        const version = named ? Number(named) : base ? OF_DISTRIBUTION[base] : undefined;
        const at = shell.document.text.place(word.start);
        const related = [{ ...newest.at, message: newest.what }];
        if (version !== undefined)
          return version < Number(newest.version)
            ? [
                {
                  at,
                  related,
                  message: `${word.raw} is version ${version}, older than the server's ${newest.version}`,
                },
              ]
            : [];
        if (named || shell.host.kind !== 'dockerfile') return [];
        const message = `${word.raw} is whatever version the base image has, and the server is ${newest.version}`;
        return [{ at, related, message }];
      }),
  );
}

/** Of the image that the last stage of a Dockerfile builds on. */
function codenameOf(file: Dockerfile): string | undefined {
  const image = imageReference(expanded(file, finalStage(file)?.image.value ?? ''));
  const name = image?.repository.split('/').at(-1);
  const parts = image?.tag?.split('-') ?? [];
  return parts.find(part => Object.hasOwn(OF_DISTRIBUTION, part)) ?? CODENAMES[`${name}:${parts[0]}`];
}
