import { basename } from 'node:path';

/** A DNS label of at most `longest` characters, or `fallback` where nothing is left of the name. */
export function label(name: string, fallback: string, longest = 31): string {
  const plain = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, longest)
    .replace(/-+$/, '');
  return plain === '' ? fallback : plain;
}

/** Names that say "the program", not which one. */
export function isGeneric(name: string): boolean {
  return /^(|\.|app|main|cmd|server|service|src|http|httpd|httpserver|backend|api|web-?server|index|asgi|wsgi)$/i.test(
    name,
  );
}

/** Gives every key once. */
export function uniqueKeys<T extends { key: string; dir: string }>(entries: T[]): T[] {
  const counts = new Map<string, number>();
  for (const { key } of entries) counts.set(key, (counts.get(key) ?? 0) + 1);
  const taken = new Set<string>();
  for (const entry of entries) {
    // Two workers of two folders are told apart by their folders.
    if ((counts.get(entry.key) ?? 0) > 1 && entry.dir !== '.')
      entry.key = label(`${basename(entry.dir)}-${entry.key}`, entry.key);
    const base = entry.key;
    for (let count = 2; taken.has(entry.key); count++) entry.key = `${base}-${count}`;
    taken.add(entry.key);
  }
  return entries;
}
