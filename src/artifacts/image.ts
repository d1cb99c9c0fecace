/** An image's name, taken apart. */
export interface ImageReference {
  readonly raw: string;
  /** Without tag and digest, as written: `postgres`, `ghcr.io/acme/api`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Undefined where a part cannot be known here, such as a variable without a default. */
export function imageReference(raw: string): ImageReference | undefined {
  const text = raw.trim();
  if (text === '' || /[\s${}<>]/.test(text)) return undefined;
  const [name = '', digest] = text.split('@', 2);
  // A colon before a slash belongs to the registry's port.
  const colon = name.lastIndexOf(':');
  const tagged = colon > name.lastIndexOf('/');
  return {
    raw: text,
    repository: tagged ? name.slice(0, colon) : name,
    ...(tagged ? { tag: name.slice(colon + 1) } : {}),
    ...(digest ? { digest } : {}),
  };
}

/** `api` of `ghcr.io/acme/api`. */
export const shortName = (image: ImageReference): string => image.repository.split('/').at(-1) ?? '';
