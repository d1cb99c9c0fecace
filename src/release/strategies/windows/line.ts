/** A line that cmd writes as it is: its code page decides about what is not ASCII, and some letters are signs to it. */
export const lineOf = (value: object): string =>
  JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]|[!%&<>^|]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
