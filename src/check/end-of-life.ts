/**
 * Until when versions get fixes, or a model answers, as of 2026-11-21. Where a vendor announces no more
 * than "not before" there is no date here.
 */
const table = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text
      .trim()
      .split(/\s*\n\s*/)
      .flatMap(line => {
        const [date = '', ...versions] = line.split(' ');
        return versions.map((version): [string, string] => [version, date]);
      }),
  );

interface Lifetimes {
  readonly title: string;
  /** Where the dates come from. */
  readonly source: string;
  readonly ends: ReadonlyMap<string, string>;
}

export const LIFETIMES = {
  go: {
    title: 'Go',
    source: 'https://go.dev/doc/devel/release#policy',
    ends: table(`
      2019-02-25 1.10
      2020-08-11 1.11 1.12 1.13
      2021-08-16 1.14 1.15
      2022-08-02 1.16 1.17
      2023-02-01 1.18
      2023-09-06 1.19
      2024-02-06 1.20
      2024-08-13 1.21
      2025-02-11 1.22
      2025-08-12 1.23
      2026-02-10 1.24
      2026-08-19 1.25`),
  },
  python: {
    title: 'Python',
    source: 'https://devguide.python.org/versions/',
    ends: table(`
      2020-01-01 2.7
      2021-12-23 3.5 3.6
      2023-06-27 3.7
      2024-10-07 3.8
      2025-10-31 3.9
      2026-10-31 3.10
      2027-10-31 3.11
      2028-10-31 3.12
      2029-10-31 3.13
      2030-10-31 3.14`),
  },
  node: {
    title: 'Node.js',
    source: 'https://github.com/nodejs/release#release-schedule',
    ends: table(`
      2019-12-31 8
      2021-04-30 10
      2022-04-30 12
      2023-04-30 14
      2023-09-11 16
      2022-06-01 17
      2025-04-30 18
      2023-06-01 19
      2026-04-30 20
      2024-06-01 21
      2027-04-30 22
      2025-06-01 23
      2028-04-30 24
      2026-06-01 25
      2029-04-30 26`),
  },
  postgres: {
    title: 'PostgreSQL',
    source: 'https://www.postgresql.org/support/versioning/',
    ends: table(`
      2021-11-11 9.4 9.5 9.6
      2022-11-10 10
      2023-11-09 11
      2024-11-21 12
      2025-11-13 13
      2026-11-12 14
      2027-11-11 15
      2028-11-09 16
      2029-11-08 17
      2030-11-14 18`),
  },
  debian: {
    title: 'Debian',
    // With its long-term support, which the images of others are built on for as long.
    source: 'https://wiki.debian.org/LTS',
    ends: table(`
      2020-06-30 8 jessie
      2022-07-01 9 stretch
      2024-06-30 10 buster
      2026-08-31 11 bullseye
      2028-06-30 12 bookworm
      2030-06-30 13 trixie`),
  },
  ubuntu: {
    title: 'Ubuntu',
    source: 'https://ubuntu.com/about/release-cycle',
    ends: table(`
      2021-04-02 16.04 xenial
      2023-05-31 18.04 bionic
      2025-05-31 20.04 focal
      2024-07-12 23.10 mantic
      2025-07-10 24.10 oracular
      2026-01-17 25.04 plucky
      2026-07-01 25.10 questing
      2027-04-01 22.04 jammy
      2029-05-31 24.04 noble
      2031-04-30 26.04 resolute`),
  },
  alpine: {
    title: 'Alpine',
    source: 'https://alpinelinux.org/releases/',
    ends: table(`
      2021-05-01 3.10
      2021-11-01 3.11
      2022-05-01 3.12
      2022-11-01 3.13
      2023-05-01 3.14
      2023-11-01 3.15
      2024-05-23 3.16
      2024-11-22 3.17
      2025-05-09 3.18
      2025-11-01 3.19
      2026-04-01 3.20
      2026-11-01 3.21
      2027-05-01 3.22
      2027-11-01 3.23
      2028-06-01 3.24`),
  },
  kubernetes: {
    title: 'Kubernetes',
    source: 'https://kubernetes.io/releases/',
    ends: table(`
      2023-07-28 1.20 1.21 1.22 1.23 1.24
      2023-10-27 1.25
      2024-02-28 1.26
      2024-06-28 1.27
      2024-10-28 1.28
      2025-02-28 1.29
      2025-07-15 1.30
      2025-11-11 1.31
      2026-02-28 1.32
      2026-06-28 1.33
      2026-10-27 1.34
      2027-02-28 1.35
      2027-06-28 1.36`),
  },
  anthropic: {
    title: 'model',
    source: 'https://platform.claude.com/docs/en/about-claude/model-deprecations',
    ends: table(`
      2024-11-06 claude-1.0 claude-1.1 claude-1.2 claude-1.3 claude-instant-1.0 claude-instant-1.1 claude-instant-1.2
      2025-07-21 claude-2.0 claude-2.1 claude-3-sonnet-20240229
      2025-10-28 claude-3-5-sonnet-20240620 claude-3-5-sonnet-20241022 claude-3-5-sonnet-latest
      2026-01-05 claude-3-opus-20240229 claude-3-opus-latest
      2026-02-19 claude-3-7-sonnet-20250219 claude-3-7-sonnet-latest claude-3-5-haiku-20241022 claude-3-5-haiku-latest
      2026-04-20 claude-3-haiku-20240307
      2026-06-15 claude-sonnet-4-20250514 claude-opus-4-20250514 claude-sonnet-4-0 claude-opus-4-0
      2026-08-05 claude-opus-4-1-20250805 claude-opus-4-1`),
  },
  openai: {
    title: 'model',
    source: 'https://developers.openai.com/api/docs/deprecations',
    ends: table(`
      2024-01-04 text-davinci-003 text-davinci-002 code-davinci-002 text-curie-001
      2024-09-13 gpt-3.5-turbo-0613 gpt-3.5-turbo-16k-0613 gpt-3.5-turbo-0301
      2025-06-06 gpt-4-32k gpt-4-32k-0613 gpt-4-32k-0314
      2025-07-14 gpt-4.5-preview
      2025-07-28 o1-preview
      2025-10-27 o1-mini
      2026-10-23 gpt-3.5-turbo gpt-3.5-turbo-0125 gpt-4 gpt-4-0613 gpt-4-1106-preview gpt-4-turbo gpt-4-turbo-2024-04-09 gpt-4o-2024-05-13 o1 o1-2024-12-17 o1-pro o1-pro-2025-03-19 o3-mini o3-mini-2025-01-31 o4-mini o4-mini-2025-04-16 gpt-4.1-nano gpt-4.1-nano-2025-04-14
      2026-12-11 gpt-5 gpt-5-2025-08-07 gpt-5-mini gpt-5-mini-2025-08-07 gpt-5-nano gpt-5-nano-2025-08-07`),
  },
  google: {
    title: 'model',
    source: 'https://ai.google.dev/gemini-api/docs/deprecations',
    ends: table(`
      2025-04-09 gemini-1.0-pro gemini-1.0-pro-001 gemini-1.0-pro-vision-001
      2025-12-02 gemini-2.5-pro-preview-03-25 gemini-2.5-pro-preview-05-06 gemini-2.5-pro-preview-06-05
      2026-03-09 gemini-3-pro-preview`),
  },
} as const satisfies Readonly<Record<string, Lifetimes>>;

export type Product = keyof typeof LIFETIMES;
export const MODELS: readonly Product[] = ['anthropic', 'google', 'openai'];
