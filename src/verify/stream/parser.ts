/** One event, or a comment (a heartbeat), as it stands in a stream. https://html.spec.whatwg.org/multipage/server-sent-events.html */
interface StreamEvent {
  readonly kind: 'event' | 'comment';
  readonly name: string;
  readonly data: string;
}

interface StreamParser {
  feed(text: string): StreamEvent[];
  /** Characters behind the last whole event: a stream that is over has none. */
  pending(): string;
}

/** More than this without a line's end is no event stream. */
export const LONGEST_LINE = 1024 * 1024;

export function createParser(): StreamParser {
  let rest = '';
  let name = '';
  let data: string[] = [];
  const event = (): StreamEvent[] => {
    const found: StreamEvent[] =
      data.length > 0 ? [{ kind: 'event', name: name || 'message', data: data.join('\n') }] : [];
    name = '';
    data = [];
    return found;
  };
  const line = (text: string): StreamEvent[] => {
    if (text === '') return event();
    if (text.startsWith(':')) return [{ kind: 'comment', name: '', data: text.slice(1).trim() }];
    const [, field = text, value = ''] = /^([^:]*):? ?(.*)$/s.exec(text) ?? [];
    if (field === 'data') data.push(value);
    if (field === 'event') name = value;
    return [];
  };
  return {
    feed(text) {
      // A lone CR at the end may be the first half of CRLF.
      const held = text.endsWith('\r') ? 1 : 0;
      const lines = (rest + text.slice(0, text.length - held)).split(/\r\n|\n|\r/);
      rest = (lines.pop() ?? '') + text.slice(text.length - held);
      return lines.flatMap(line);
    },
    pending: () => rest.trim() + data.join('\n'),
  };
}
