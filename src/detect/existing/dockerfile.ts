import type { ExistingDockerfile } from '../detection.ts';
import { finding, lineEvidence } from '../evidence.ts';

interface Instruction {
  name: string;
  value: string;
  line: number;
}

/** Instructions with their continuation lines joined; comments and the bodies of here-documents are left out. */
export function instructions(text: string): Instruction[] {
  const found: Instruction[] = [];
  let open: Instruction | undefined;
  let until: string | undefined;
  text.split('\n').forEach((raw, at) => {
    const line = raw.replace(/\r$/, '');
    if (until !== undefined) {
      if (line.trim() === until) until = undefined;
      return;
    }
    if (/^\s*(#|$)/.test(line)) return;
    const continues = /[\\`]\s*$/.test(line);
    const part = line.replace(/[\\`]\s*$/, '').trim();
    if (open) open.value += ` ${part}`;
    else {
      const [, name = '', value = ''] = /^\s*(\w+)\s*(.*)$/.exec(part) ?? [];
      open = { name: name.toUpperCase(), value, line: at + 1 };
    }
    if (continues) return;
    found.push(open);
    until = /<<-?\s*["']?(\w+)["']?/.exec(open.value)?.[1];
    open = undefined;
  });
  if (open) found.push(open);
  return found;
}

export function readDockerfile(path: string, text: string): ExistingDockerfile {
  const file: ExistingDockerfile = { file: path, bases: [], expose: [] };
  const args = new Map<string, string>();
  for (const { name, value, line } of instructions(text)) {
    const evidence = lineEvidence({ path, text }, line);
    const expanded = value.replace(
      /\$\{?(\w+)(?::-([^}]*))?\}?/g,
      (whole, key: string, fallback?: string) => args.get(key) ?? fallback ?? whole,
    );
    if (name === 'ARG' || name === 'ENV') {
      const [, key = '', given = ''] = /^(\w+)[= ]\s*["']?([^"'\s]*)/.exec(value) ?? [];
      if (given) args.set(key, given);
    } else if (name === 'FROM') {
      const [, image = '', stage] = /^(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?/i.exec(expanded) ?? [];
      file.bases.push({ image, ...(stage ? { stage } : {}), evidence });
      // What a stage says holds for that stage: the last one is the image.
      file.expose = [];
      for (const key of ['user', 'entrypoint', 'command', 'healthcheck'] as const) delete file[key];
    } else if (name === 'EXPOSE') {
      for (const port of expanded.match(/\b\d{2,5}\b/g) ?? [])
        file.expose.push(finding(Number(port), evidence));
    } else if (name === 'USER') file.user = finding(expanded.trim(), evidence);
    else if (name === 'ENTRYPOINT') file.entrypoint = finding(words(expanded), evidence);
    else if (name === 'CMD') file.command = finding(words(expanded), evidence);
    else if (name === 'HEALTHCHECK') file.healthcheck = finding(expanded, evidence);
  }
  return file;
}

/** The exec form is JSON; the shell form is split at blanks, which is enough to find flags. */
function words(value: string): string[] {
  try {
    const list: unknown = JSON.parse(value);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // the shell form
  }
  return value.split(/\s+/).filter(Boolean);
}
