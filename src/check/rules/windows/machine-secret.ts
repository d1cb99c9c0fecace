import { callsOf, type WindowsCall, windowsDocuments } from '../../../artifacts/windows-commands.ts';
import { looksSecret } from '../../../config/schema/secret-formats.ts';
import type { Rule } from '../../rule.ts';

export const machineSecret: Rule = {
  id: 'windows/machine-secret',
  severity: 'error',
  title: 'a secret as a variable of the whole machine',
  why: 'Every process of every user of the machine starts with it, and every user can read it in the registry; it stays there after the service is gone.',
  fix: "Give it to the service alone: AppEnvironmentExtra of NSSM with the service's registry key closed to others, or a file that only its account reads.",
  fixable: 'no',
  example: {
    bad: "[Environment]::SetEnvironmentVariable('API_KEY', $key, 'Machine')",
    good: '& $nssm set api AppEnvironmentExtra "LOG_LEVEL=info"   # the key comes from a file of the service',
  },
  check: ({ documents }) =>
    windowsDocuments(documents).flatMap(document =>
      callsOf(document).flatMap(call => {
        const variable = machineVariable(call);
        return variable && isSecret(variable)
          ? [
              {
                at: document.text.place(call.command.start),
                message: `${variable.name} becomes a variable of the machine, which every user reads`,
              },
            ]
          : [];
      }),
    ),
};

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** By .NET, by setx, or by the registry. */
function machineVariable({ words, command: { text } }: WindowsCall): Variable | undefined {
  const [, name, value = ''] =
    /\]::SetEnvironmentVariable\(\s*["']([A-Za-z_]\w{0,80})["']\s*,\s*(.{0,400}?)\s*,\s*(?:["']Machine["']|\[(?:System\.)?EnvironmentVariableTarget\]::Machine)\s*\)/i.exec(
      text,
    ) ?? [];
  if (name) return { name, value: value.replace(/^["']|["']$/g, '') };
  const all = words.map(word => word.value);
  if (/^setx(?:\.exe)?$/i.test(all[0] ?? '') && all.some(word => /^[/-]m$/i.test(word))) {
    const [first, second] = all.slice(1).filter(word => !/^[/-]m$/i.test(word));
    return first ? { name: first, value: second ?? '' } : undefined;
  }
  if (!/Control\\Session Manager\\Environment/i.test(text)) return undefined;
  const after = (option: RegExp) => all[all.findIndex(word => option.test(word)) + 1 || all.length];
  const named = after(/^(?:\/v|-Name)$/i);
  return named ? { name: named, value: after(/^(?:\/d|-Value)$/i) ?? '' } : undefined;
}

/** By its name or its value; a URL of a database holds a password unless it is written without one. */
function isSecret({ name, value }: Variable): boolean {
  if (looksSecret(value || 'unknown', name)) return true;
  if (!/(?:^|_)(?:DATABASE_URL|DB_URL|DSN|CONNECTION_STRING|MONGO_URI|REDIS_URL)$/i.test(name)) return false;
  return (
    !/^[a-z][a-z0-9+]{0,20}:\/\/[^:@/]{0,200}(?:@|\/|$|:\d)/i.test(value) || /:[^/@]{1,200}@/.test(value)
  );
}
