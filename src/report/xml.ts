import { block } from './plain.ts';

/** Text of an element or an attribute. XML 1.0 has no way to write most control characters or halves of a pair. */
export const xml = (text: string): string =>
  block(text)
    .replaceAll(/[\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
