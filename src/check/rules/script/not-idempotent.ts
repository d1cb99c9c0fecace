import { againOf, appendOf, redirectOf } from '../../commands/repetition.ts';
import type { Rule } from '../../rule.ts';
import { allCalls } from '../../scripts.ts';

export const notIdempotent: Rule = {
  id: 'script/not-idempotent',
  severity: 'warning',
  title: 'a step that fails or doubles something when it is run again',
  why: 'A deploy that broke off is run again: the second run stops at the user, network or link that the first one made, or writes the same line into a file of the system once more.',
  fix: "Make it so that it may be run again: `mkdir -p`, `ln -sfn`, `id -u app || useradd app`, `kubectl apply`, `grep -q ... || echo ... >>`; and write as root with `sudo tee`, since a redirection is the caller's.",
  fixable: 'safe',
  example: { bad: 'useradd --system app', good: 'id -u app >/dev/null 2>&1 || useradd --system app' },
  check: context =>
    allCalls(context).flatMap(call => {
      const fault = redirectOf(call) ?? appendOf(call) ?? againOf(call);
      return fault ? [{ at: call.at, ...fault }] : [];
    }),
};
