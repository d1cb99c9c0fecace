import { Option } from 'commander';
import type { Action, Declaration } from '../command.ts';
import { list } from '../options.ts';
import type { VerifyOptions } from '../verify/options.ts';

const action: Action<VerifyOptions> = async (context, _, options) => {
  const { verifyDeployment } = await import('../verify.ts');
  return verifyDeployment(context, options);
};

const repeatable = (flags: string, what: string) => new Option(flags, `${what} (repeatable)`).argParser(list);

export const verify: Declaration = {
  name: 'verify',
  summary: 'proves that a deployment works',
  formats: ['text', 'json', 'junit', 'github', 'prometheus'],
  action,
  declare(command) {
    command
      .option(
        '--url <url>',
        'where it answers; works without a configuration too (default: the domain, else this machine)',
      )
      .option('--platform <name>', 'add what kubernetes, systemd, compose, cloudrun or windows knows')
      .addOption(repeatable('--host <user@host>', 'the host that systemd runs on, by ssh'))
      .addOption(repeatable('--only <id>', 'only this probe, such as ready or ready/api'))
      .addOption(repeatable('--skip <id>', 'all but this probe'))
      .option(
        '--wait [duration]',
        'ask until it passes, such as 2m (default: attempts x interval of the configuration)',
      )
      .option('--watch <duration>', 'verify again and again, such as every 30s, until interrupted')
      .option(
        '--deadline <duration>',
        'the most that one run may take (default: what its probes need, and --wait)',
      )
      .option(
        '--expect-version <version>',
        'what every replica must say (default: $AIDEPLOY_TAG, else the tag of the image)',
      )
      .option('--samples <n>', 'requests of the latency sample')
      .option('--concurrency <n>', 'of them at once')
      .option('--long', 'hold streams past the 60 s after which proxies like to cut them')
      .option('--drain', 'hold a stream and keep asking while you restart the service')
      .option('--rehearse-restore', 'restore the newest backup into a database of its own')
      .option('--token-from <variable>', 'send the token of this variable as Authorization: Bearer')
      .option(
        '--connect-to <address>',
        'connect there, whatever the name resolves to: before DNS points at a release',
      )
      .option('--ca <file>', 'trust this authority too')
      .option('--report <file>', 'also write a page of HTML that needs nothing else')
      .option('--list-probes', 'name the probes and what each proves');
  },
};
