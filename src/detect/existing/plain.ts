import type { EnvVariable, Existing, ExistingUnit } from '../detection.ts';
import { isSecretName, lineEvidence, looksSecret } from '../evidence.ts';

export function readUnit(path: string, text: string): ExistingUnit | undefined {
  if (!/^\[Service\]/m.test(text)) return undefined;
  const value = (key: string) => new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1]?.trim();
  const unit: ExistingUnit = { file: path };
  const set = (key: Exclude<keyof ExistingUnit, 'file'>, given: string | undefined) => {
    if (given) unit[key] = given;
  };
  set('execStart', value('ExecStart'));
  set('user', value('User'));
  set('workingDirectory', value('WorkingDirectory'));
  set('environmentFile', value('EnvironmentFile'));
  set('stopTimeout', value('TimeoutStopSec'));
  return unit;
}

/** Names, comments and the defaults of what isn't secret. A real `.env` is never read. */
export function readEnvExample(path: string, text: string): EnvVariable[] {
  let comment: string[] = [];
  return text.split('\n').flatMap((line, at) => {
    const said = /^\s*#\s?(.*)$/.exec(line);
    const given = /^\s*#?\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (!given || (said && !/^[A-Z][A-Z0-9_]*=/.test(said[1] ?? ''))) {
      comment = said ? [...comment, said[1]?.trim() ?? ''].filter(each => !/^[-=#\s]*$/.test(each)) : [];
      return [];
    }
    const name = given[1] ?? '';
    const [, quoted, bare = '', behind] =
      /^\s*(?:"([^"]*)"|'[^']*'|([^#]*?))\s*(?:#\s*(.*))?$/.exec(given[2] ?? '') ?? [];
    const value = (quoted ?? bare).trim();
    const secret = isSecretName(name) || looksSecret(value);
    const words = behind ?? comment.join(' ');
    comment = [];
    const { file, line: row } = lineEvidence({ path, text }, at + 1);
    return [
      {
        name,
        ...(value && !secret ? { default: value } : {}),
        required: false,
        secret,
        ...(words ? { comment: words } : {}),
        evidence: [{ file, line: row }],
      },
    ];
  });
}

export function readNginx(path: string, text: string): Existing['nginx'][number] | undefined {
  const found = text.split('\n').flatMap((line, at) => {
    const names = /^\s*server_name\s+([^;]+);/.exec(line)?.[1]?.split(/\s+/) ?? [];
    return names.filter(name => /^[\w*.-]+\.[a-z]{2,}$/.test(name)).map(name => ({ name, line: at + 1 }));
  });
  if (found.length === 0 && !/^\s*(server|upstream)\s/m.test(text)) return undefined;
  return {
    file: path,
    serverNames: [...new Set(found.map(({ name }) => name))],
    evidence: found.map(({ line }) => lineEvidence({ path, text }, line)),
  };
}

/** Images that a workflow builds or pushes, such as `ghcr.io/acme/chat`. */
export function imagesIn(text: string): { image: string; line: number }[] {
  return text.split('\n').flatMap((line, at) => {
    const image =
      /(?:^|[\s"'=])((?:[\w-]+\.)+(?:io|com|dev|org|net)(?::\d+)?\/[\w./-]+?)(?::|@|["'\s]|$)/.exec(
        line,
      )?.[1];
    const isImage =
      image &&
      /\b(tags?|image|docker|push|IMAGE)\b/i.test(line) &&
      !/https?:\/\//.test(line) &&
      !/^\s*-?\s*uses:/.test(line);
    return isImage ? [{ image, line: at + 1 }] : [];
  });
}
