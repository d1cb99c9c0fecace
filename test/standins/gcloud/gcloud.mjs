/**
 * What stands in for gcloud: it takes the documented command lines alone (commands.json) and does to a world what they
 * would have done. `fail` in the world says which call fails instead of doing anything; what a format prints was
 * compared with the real printer (formats.mjs).
 */
import { readFileSync } from 'node:fs';
import { COMMANDS } from './api.mjs';
import { print } from './formats.mjs';
import { Refusal } from './refusal.mjs';

export const documented = JSON.parse(readFileSync(new URL('commands.json', import.meta.url), 'utf8'));

/** The exit code, output and error output of one command line; `record` is told of it. */
export function gcloud(world, args, input, record) {
  try {
    const call = { ...parse(args), input };
    world.calls += 1;
    record({ command: call.command, args });
    if (world.fail === world.calls || world.fail === call.command)
      throw new Refusal('PERMISSION_DENIED: as the test wants it');
    return { code: 0, out: print(COMMANDS[call.command](world, call), call.flags), said: '' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { code: error.code, out: '', said: `ERROR: (gcloud) ${error.message}\n` };
  }
}

function parse(words) {
  const command = longest(words);
  const { flags: own, required, positionals: wanted } = documented.commands[command];
  const known = { ...documented.everywhere, ...own };
  const flags = {};
  const positionals = [];
  const rest = words.slice(command.split(' ').length);
  for (const word of rest) {
    if (!word.startsWith('--')) {
      positionals.push(word);
      continue;
    }
    const [name, ...value] = word.split('=');
    const kind = known[name];
    if (!kind) throw new Refusal(`${command}: unrecognized arguments: ${name}`, 2);
    if (kind === 'switch' ? value.length > 0 : value.length === 0)
      throw new Refusal(`${command}: ${name} is a ${Array.isArray(kind) ? kind.join('|') : kind}`, 2);
    if (Array.isArray(kind) && !kind.includes(value.join('=')))
      throw new Refusal(`${command}: ${name} is one of ${kind.join(', ')}`, 2);
    if (name in flags) throw new Refusal(`${command}: ${name} is given twice`, 2);
    flags[name] = kind === 'switch' ? true : value.join('=');
  }
  if (positionals.length < wanted.least || positionals.length > (wanted.most ?? Number.POSITIVE_INFINITY))
    throw new Refusal(
      `${command}: ${positionals.length} arguments, not ${wanted.least} to ${wanted.most}`,
      2,
    );
  for (const name of required) if (!(name in flags)) throw new Refusal(`${command}: ${name} is required`, 2);
  if (!flags['--quiet']) throw new Refusal(`${command}: without --quiet it may ask`, 2);
  if (!flags['--project'] && !command.startsWith('auth ')) throw new Refusal(`${command}: no --project`, 2);
  if (/^(?:beta )?run /.test(command) && !flags['--region'])
    throw new Refusal(`${command}: no --region, so it would ask`, 2);
  return { command, flags, positionals };
}

function longest(words) {
  for (let n = words.length; n > 0; n--) {
    const command = words.slice(0, n).join(' ');
    if (command in documented.commands) return command;
  }
  throw new Refusal(`Invalid choice: ${words.slice(0, 3).join(' ')}`, 2);
}
