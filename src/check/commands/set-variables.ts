import { editDistance } from '../../config/nearest.ts';
import type { Context } from '../context.ts';

const KNOWN = new WeakMap<Context, Variables>();

/** What systems, shells and build services set themselves. */
const GIVEN =
  'HOME PATH PWD OLDPWD USER LOGNAME SHELL TERM LANG HOSTNAME TMPDIR EDITOR PAGER DISPLAY MAIL IFS RANDOM SECONDS LINENO FUNCNAME PPID EUID UID GROUPS BASH BASHPID COLUMNS LINES OPTARG OPTIND REPLY EPOCHSECONDS MACHTYPE OSTYPE SHLVL SUDO_USER SUDO_UID SUDO_GID CI INVOCATION_ID CREDENTIALS_DIRECTORY RUNTIME_DIRECTORY STATE_DIRECTORY LOGS_DIRECTORY CACHE_DIRECTORY CONFIGURATION_DIRECTORY MAINPID NOTIFY_SOCKET PORT GOPATH GOROOT GOOS GOARCH GOBIN JAVA_HOME VIRTUAL_ENV KUBECONFIG DOCKER_HOST TARGETARCH TARGETOS TARGETPLATFORM BUILDPLATFORM TARGETVARIANT PROJECT_ID'.split(
    ' ',
  );
const GIVEN_PREFIX =
  /^(?:GITHUB|RUNNER|CI|GITLAB|ACTIONS|BUILDKITE|CIRCLE|TRAVIS|JENKINS|BITBUCKET|DRONE|TF|AWS|AZURE|GOOGLE|GCP|CLOUDSDK|XDG|LC|SSH|PG|BASH|DOCKER|COMPOSE|NPM|npm|PIP|KUBERNETES|BUILD|SYSTEM|AGENT|VERCEL|HEROKU|RENDER|FLY|NVM|CONDA|E)_/;

/** `NAME=`, `NAME:`, `-e NAME`, `read NAME`, `for NAME in`, `ARG NAME`, `"NAME"`, `name: NAME`. */
const SETS =
  /(?<![$\w{])([A-Z][A-Z0-9_]{2,60})(?:\[[^\]\n]{0,40}\])?["'`]?\s{0,3}(?:\+?=|:(?![-=?+]))|\b(?:read|for|local|export|declare|readonly|typeset|mapfile|readarray|getopts|ARG|ENV|unset|printf -v)\b((?:[ \t]+["'-]?\w+){1,8})|(?:-e|--env|name:|key:)\s{0,3}["']?([A-Z][A-Z0-9_]{2,60})|["'`]([A-Z][A-Z0-9_]{2,60})["'`]|\$\{([A-Z][A-Z0-9_]{2,60}):?[=?]|\s-[nvz]\s{1,3}["']?\$?\{?([A-Z][A-Z0-9_]{2,60})/g;

/** Names of variables that anything in the set gives a value, asks for, or speaks of. */
export interface Variables {
  readonly names: ReadonlySet<string>;
  has(name: string): boolean;
}

export function variablesOf(context: Context): Variables {
  const known = KNOWN.get(context);
  if (known) return known;
  const names = new Set<string>(GIVEN);
  for (const { content } of context.texts.values())
    for (const [, assigned, list, option, quoted, required, tested] of content.matchAll(SETS))
      for (const name of [
        assigned,
        option,
        quoted,
        required,
        tested,
        ...(list?.match(/[A-Z][A-Z0-9_]{2,60}/g) ?? []),
      ])
        if (name) names.add(name);
  const found = { names, has: (name: string) => GIVEN_PREFIX.test(name) || names.has(name) };
  KNOWN.set(context, found);
  return found;
}

/** The name that one letter more, less or another, or two that changed places, makes another of. */
export const slipOf = (name: string, { names }: Variables): string | undefined =>
  [...names]
    .filter(other => other.length > 3 && !GIVEN.includes(other) && editDistance(name, other) === 1)
    .sort()[0];
