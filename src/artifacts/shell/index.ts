import type { Document, Embedded, Kind } from '../document.ts';
import { scriptComponents } from './facts.ts';
import { loadShell, parseShell } from './parse.ts';

export const shell: Kind<'shell'> = {
  id: 'shell',
  title: 'shell script',
  comment: '#',
  names: /\.(?:sh|bash)$/,
  content: text => /^#!.*\b(?:ba|da|k|z|a)?sh\b/.test(text),
  load: loadShell,
  parse: parseShell,
  components: scriptComponents,
  embedded,
};

/** Here-documents that become files: `cat > /etc/systemd/system/x.service <<EOF`. */
function embedded({ body }: Document<'shell'>): readonly Embedded[] {
  return body.commands.flatMap(({ redirects, words }) => {
    const text = redirects.find(each => each.heredoc)?.heredoc;
    const written = redirects.find(each => each.operator.startsWith('>'))?.target?.value;
    const name =
      written ??
      (words[0]?.value === 'tee' || words.some(word => word.value === 'tee')
        ? words.at(-1)?.value
        : undefined);
    return text && name ? [{ text, name }] : [];
  });
}
