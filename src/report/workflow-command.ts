import { block } from './plain.ts';

/** What follows `::` in a line that GitHub obeys, and what stands as a property before it. */
export const data = (text: string): string =>
  block(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
export const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
