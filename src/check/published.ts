import { type Edit, offsetOf, type Place, type Text } from '../artifacts/text.ts';

/** The edit that publishes a port for this host alone, where it is written in the short form: `8080:80`. */
export function onLoopback(text: Text | undefined, at: Place, port: number): readonly Edit[] {
  if (!text) return [];
  const start = offsetOf(text, at);
  const rest = text.content.slice(start, start + 80);
  const [all = '', quote = '', address = ''] =
    /^(["']?)((?:0\.0\.0\.0:|\[::\]:)?)(?=\d+:\d)/.exec(rest) ?? [];
  if (!rest.slice(all.length).startsWith(`${port}:`)) return [];
  return [text.edit(start + quote.length, start + quote.length + address.length, '127.0.0.1:')];
}
