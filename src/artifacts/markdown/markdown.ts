import type { KindId } from '../document.ts';
import type { Text } from '../text.ts';

/** A fenced block of a guide. */
export interface Block {
  /** What stands behind the fence: `bash`, `yaml`. */
  readonly tag: string;
  readonly text: Text;
  /** The path that the text before it, or its first comment, gives it. */
  readonly name: string | undefined;
  readonly kind: KindId | undefined;
  /** The headings above it, the outermost first. */
  readonly headings: readonly string[];
  readonly start: number;
}
