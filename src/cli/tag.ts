import { imageTag } from '../config/schema/image.ts';
import { UsageError } from './exit.ts';

/** A version that names the same for ever. */
export function lastingTag(tag: string, from: string): string {
  if (imageTag().safeParse(tag).success) return tag;
  throw new UsageError(`${from} ${tag}: not a tag that stays; use a version such as 1.4.2`);
}
