import { type Command, hasOption, nameOf, optionValues, unwrapped } from '../artifacts/shell/script.ts';
import type { Place } from '../artifacts/text.ts';
import type { Context } from './context.ts';

interface Certbot {
  readonly challenge: 'dns' | 'nginx' | 'standalone' | 'webroot';
  readonly domains: readonly string[];
  readonly at: Place;
}

const KNOWN = new WeakMap<Context, readonly Certbot[]>();

/** Certificates that scripts ask for; what a renewal does is what was asked first. https://eff-certbot.readthedocs.io/en/stable/using.html */
export function certbotOf(context: Context): readonly Certbot[] {
  const known = KNOWN.get(context);
  if (known) return known;
  const found = context.of('shell').flatMap(({ body, text }) =>
    body.commands.map(unwrapped).flatMap((command): Certbot[] => {
      const challenge = nameOf(command) === 'certbot' ? challengeOf(command) : undefined;
      if (!challenge) return [];
      const domains = optionValues(command, '-d', '--domain', '--domains').flatMap(
        word => word.value?.split(',') ?? [],
      );
      return [{ challenge, domains, at: text.place(command.start) }];
    }),
  );
  KNOWN.set(context, found);
  return found;
}

function challengeOf(command: Command): Certbot['challenge'] | undefined {
  if (hasOption(command, '--manual')) return undefined;
  if (
    command.words.some(word => word.raw.startsWith('--dns-')) ||
    optionValues(command, '--preferred-challenges').some(word => word.value?.startsWith('dns'))
  )
    return 'dns';
  if (hasOption(command, '--webroot', '-w', '--webroot-path')) return 'webroot';
  if (hasOption(command, '--standalone')) return 'standalone';
  return hasOption(command, '--nginx') ? 'nginx' : undefined;
}
