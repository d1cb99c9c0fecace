/** Of an option that may be given several times, or once with commas. */
export const list = (value: string, previous: readonly string[] = []): string[] => [
  ...previous,
  ...value
    .split(',')
    .map(each => each.trim())
    .filter(each => each !== ''),
];
