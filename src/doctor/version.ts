const VERSION = /\d+(?:\.\d+)+/;

/** The version in what a program prints about itself; Windows programs may print UTF-16. */
export function findVersion(output: string, pattern: RegExp = VERSION): string | null {
  const match = pattern.exec(output.replaceAll('\0', ''));
  return match ? (match[1] ?? match[0]) : null;
}

/** Whether a version reaches a minimum; parts that only one of them has count as zero. */
export function reaches(version: string, minimum: string): boolean {
  const [has, needs] = [parts(version), parts(minimum)];
  for (let i = 0; i < Math.max(has.length, needs.length); i++) {
    const difference = (has[i] ?? 0) - (needs[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

export const highest = (versions: readonly string[]): string | undefined =>
  versions.reduce<string | undefined>(
    (best, version) => (best === undefined || !reaches(best, version) ? version : best),
    undefined,
  );

const parts = (version: string) => version.split('.').map(part => Number.parseInt(part, 10) || 0);
