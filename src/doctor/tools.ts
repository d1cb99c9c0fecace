import { command } from '../exec/command.ts';
import { buildx, compose, docker } from './docker.ts';
import type { Tool } from './tool.ts';

const apt = (name: string, brew = name) => `Debian: apt install ${name}; macOS: brew install ${brew}`;

/** In the order in which a reader looks for them: build, run, deploy, host, database, judges. */
export const TOOLS: readonly Tool[] = [
  {
    id: 'git',
    purpose: 'the tag of a release',
    commands: [command('git', '--version')],
    hint: apt('git'),
  },
  docker,
  buildx,
  compose,
  {
    id: 'buildah',
    purpose: 'building images without Docker',
    commands: [command('buildah', '--version')],
    minimum: '1.24', // the first with RUN --mount=type=cache
    hint: 'Debian: apt install buildah',
  },
  {
    id: 'go',
    purpose: 'building Go services outside of an image',
    commands: [command('go', 'version')],
    version: /go(\d+\.\d+(?:\.\d+)?)/,
    hint: `${apt('golang', 'go')}; or the download page of go.dev`,
  },
  {
    id: 'python',
    purpose: 'testing Python services outside of an image',
    commands: [command('python3', '--version'), command('python', '--version')],
    hint: `${apt('python3', 'python')}; uv installs any version`,
  },
  {
    id: 'node',
    purpose: 'testing Node services outside of an image',
    commands: [command('node', '--version')],
    hint: `${apt('nodejs', 'node')}; nvm installs any version`,
  },
  {
    id: 'kubectl',
    purpose: 'deploying to Kubernetes',
    commands: [command('kubectl', 'version', '--client', '--output=json')],
    version: /"gitVersion":\s*"v?(\d[^"+-]*)/,
    hint: 'macOS: brew install kubectl; elsewhere see "Install Tools" in the Kubernetes documentation',
  },
  {
    id: 'kustomize',
    purpose: 'looking at overlays without kubectl, which has its own',
    commands: [command('kustomize', 'version')],
    minimum: '5.0',
    hint: 'macOS: brew install kustomize; elsewhere kubectl kustomize does the same',
  },
  {
    id: 'gcloud',
    purpose: 'deploying to Cloud Run',
    commands: [command('gcloud', 'version')],
    version: /Google Cloud SDK (\d[\d.]*)/,
    timeout: 10_000, // a Python program that looks through its components first
    hint: 'see "Install the gcloud CLI" in the Google Cloud documentation; macOS: brew install google-cloud-sdk',
  },
  {
    id: 'curl',
    purpose: 'verifying what was deployed to Cloud Run',
    commands: [command('curl', '--version')],
    hint: apt('curl'),
  },
  {
    id: 'ssh',
    purpose: 'deploying to hosts',
    commands: [command('ssh', '-V')],
    version: /OpenSSH\D*(\d+\.\d+)/,
    hint: apt('openssh-client', 'openssh'),
  },
  {
    id: 'systemd-analyze',
    purpose: 'verifying units before they are installed',
    commands: [command('systemd-analyze', '--version')],
    version: /systemd (\d+)/,
    hint: 'part of systemd: there on every host that runs it',
  },
  {
    id: 'nginx',
    purpose: 'testing its configuration (nginx -t)',
    commands: [command('nginx', '-v'), command('/usr/sbin/nginx', '-v')],
    hint: apt('nginx'),
  },
  {
    id: 'nssm',
    purpose: 'Windows services',
    commands: [],
    lookFor: 'nssm', // opens a window when it is asked something it does not know
    hint: 'on the Windows host: choco install nssm',
  },
  {
    id: 'psql',
    purpose: 'creating roles, and looking at the database',
    commands: [command('psql', '--version')],
    version: /(\d+(?:\.\d+)*)/,
    hint: apt('postgresql-client', 'libpq'),
  },
  {
    id: 'pg_dump',
    purpose: 'backups; at least of the version of the server',
    commands: [command('pg_dump', '--version')],
    version: /(\d+(?:\.\d+)*)/,
    hint: `${apt('postgresql-client', 'libpq')}; newer ones are in PostgreSQL's own repository`,
  },
  {
    id: 'age',
    purpose: 'encrypting backups',
    commands: [command('age', '--version')],
    hint: apt('age'),
  },
  {
    id: 'rclone',
    purpose: 'copying backups off the host',
    commands: [command('rclone', 'version')],
    hint: apt('rclone'),
  },
  {
    id: 'hadolint',
    purpose: 'a second opinion on Dockerfiles',
    commands: [command('hadolint', '--version')],
    hint: "macOS: brew install hadolint; elsewhere a download of hadolint's releases",
  },
  {
    id: 'shellcheck',
    purpose: 'a second opinion on shell scripts',
    commands: [command('shellcheck', '--version')],
    hint: apt('shellcheck'),
  },
  {
    id: 'promtool',
    purpose: 'a second opinion on Prometheus rules',
    commands: [command('promtool', '--version')],
    hint: apt('prometheus'),
  },
];
