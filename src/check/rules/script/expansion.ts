import { expansionFaults } from '../../commands/expansions.ts';
import type { Rule } from '../../rule.ts';

export const expansion: Rule = {
  id: 'script/expansion',
  severity: 'error',
  title: 'a variable that nothing sets, or a text that the shell takes apart',
  why: 'An empty variable makes `/opt/$APP_NMAE/bin` the path `/opt//bin`, and a command deletes or deploys something else; an `&` outside of quotes ends the command in the middle of the URL; a password with a space or a `*` becomes several words.',
  fix: 'Correct the name, or say what is required: `${NAME:?}`; put quotes around URLs and around what holds a secret.',
  fixable: 'safe',
  example: {
    bad: 'curl http://localhost:8080/items?page=1&size=2',
    good: "curl 'http://localhost:8080/items?page=1&size=2'",
  },
  check: expansionFaults,
};
