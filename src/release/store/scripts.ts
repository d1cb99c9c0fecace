/**
 * What a host store does there, in POSIX sh: the first argument is the folder. Each is one line, since the shell that
 * ssh starts may know no way to quote another.
 */
const script = (...parts: readonly string[]): string => parts.join('; ');

/** Of GNU, on the file or its file system alone. */
const sync = (what: string) => `sync -f ${what} 2>/dev/null || sync`;

/** Each record after a line with its folder, which begins with a separator that no JSON holds. */
export const LIST = script(
  'set -eu',
  '[ -d "$1" ] || exit 0',
  'cd "$1"',
  'for f in */release.json; do case $f in \\*/*|*.tmp/*) continue;; esac; printf "\\036%s\\n" "${f%/*}"; cat "$f"; done',
);

export const FILES = script(
  'set -eu',
  'cd "$1/$2"',
  '[ -d files ] || exit 0',
  'cd files',
  'tar -c -f - . | base64',
);

/**
 * Made beside, and renamed when it is whole. A folder that is there without a whole record, which ends with a brace,
 * may hold the programs that run: only record and files are replaced, the record last.
 */
export const ADD = script(
  'set -eu',
  'umask 022',
  'mkdir -p "$1"',
  'cd "$1"',
  'if [ "$(tail -n 1 "$2/release.json" 2>/dev/null)" = "}" ]; then cat >/dev/null; exit 0; fi',
  'rm -rf "$2.tmp" .[!.]*.gone',
  'mkdir "$2.tmp"',
  'tar -x -p -f - -C "$2.tmp"',
  `{ ${sync('"$2.tmp"')}; }`,
  'if [ -d "$2" ]; then rm -rf "$2/files"; [ ! -d "$2.tmp/files" ] || mv "$2.tmp/files" "$2/files"; mv -f "$2.tmp/release.json" "$2/release.json"; rmdir "$2.tmp"; else mv "$2.tmp" "$2"; fi',
  `{ ${sync('.')}; }`,
);

export const MARK = script(
  'set -eu',
  'cd "$1/$2"',
  'sed "s/^  \\"status\\": .*/  \\"status\\": \\"$3\\"/" release.json >release.json.new',
  '[ "$(tail -n 1 release.json.new)" = "}" ] || { echo "the record of $2 is torn" >&2; exit 1; }',
  `{ ${sync('release.json.new')}; }`,
  'mv -f release.json.new release.json',
);

/** Gone by one rename; what is left of it goes then, or with the next release. */
export const REMOVE = script(
  'set -eu',
  '[ -d "$1/$2" ] || exit 0',
  'cd "$1"',
  'rm -rf ".$2.gone"',
  'mv "$2" ".$2.gone"',
  'rm -rf ".$2.gone"',
);

/** One write for the line; a line that a crash cut off stays alone. */
export const AUDIT = script(
  'set -eu',
  'umask 022',
  'mkdir -p "$1"',
  'cd "$1"',
  'if [ -s history.jsonl ] && [ -n "$(tail -c 1 history.jsonl)" ]; then echo >>history.jsonl; fi',
  'cat >>history.jsonl',
  `{ ${sync('history.jsonl')}; }`,
);

/**
 * Leases are numbered files, and the highest counts. The number after the highest is taken by a hard link, which one
 * of two gets, and stays taken: who looked long ago finds a higher one, and knows that it came too late. Some old ones
 * stay for those who are reading the folder just then.
 */
const HIGHEST = 'highest() { ls | grep "^[0-9][0-9]*\\$" | sort -n | tail -n 1; }';

export const LEASE = script(
  'set -eu',
  '[ -d "$1/.lease" ] || exit 0',
  'cd "$1/.lease"',
  HIGHEST,
  'n=$(highest)',
  '[ -n "$n" ] || exit 0',
  'echo "$n"',
  'cat "$n"',
);

export const EXCHANGE = script(
  'set -eu',
  'umask 022',
  'mkdir -p "$1/.lease"',
  'cd "$1/.lease"',
  HIGHEST,
  'trap "rm -f .$3" EXIT',
  'cat >".$3"',
  'n=$(highest)',
  'if [ "${n:-0}" != "$2" ]; then echo no; exit 0; fi',
  'next=$(($2 + 1))',
  'if ! ln ".$3" "$next" 2>/dev/null; then if [ -e "$next" ]; then echo no; exit 0; else ln ".$3" "$next"; fi; fi',
  'if [ "$(highest)" != "$next" ]; then rm -f "$next"; echo no; exit 0; fi',
  'for f in [0-9]*; do [ "$f" -ge "$(($2 - 20))" ] || rm -f "$f"; done',
  'echo yes',
);
