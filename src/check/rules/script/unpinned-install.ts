import type { AnyDocument } from '../../../artifacts/document.ts';
import { INSTALLERS } from '../../commands/installs.ts';
import type { Finding, Rule } from '../../rule.ts';
import { callsOf } from '../../scripts.ts';

export const unpinnedInstall: Rule = {
  id: 'script/unpinned-install',
  severity: 'warning',
  title: 'a program of whatever version there is today',
  why: 'The next build, on the next machine, installs another program than the one that was tested; and what is piped into a shell runs before anybody could compare it with a checksum.',
  fix: 'Name a version (`tool@1.4.2`, `tool==1.4.2`, a release in the URL); download, compare with a checksum that stands in the script, then run.',
  fixable: 'no',
  example: { bad: 'go install example.com/tool@latest', good: 'go install example.com/tool@v1.4.2' },
  check: context => {
    const deployed = new Set(context.documents.filter(isDeployed).map(each => each.text.within));
    return callsOf(context, ...Object.keys(INSTALLERS)).flatMap((call): Finding[] => {
      const { host } = call.shell;
      if (host.kind === 'markdown' && !deployed.has(host.text)) return [];
      const what = INSTALLERS[call.name]?.(call);
      return what ? [{ at: call.at, message: what }] : [];
    });
  },
};

/** A README that holds commands alone tells people how to try the program. */
const isDeployed = ({ kind }: AnyDocument): boolean =>
  !/^(?:shell|powershell|cmd|sample|markdown)$/.test(kind);
