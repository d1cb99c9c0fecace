import { unstampedBuilds } from '../../commands/builds.ts';
import type { Rule } from '../../rule.ts';

export const unstampedBuild: Rule = {
  id: 'script/unstamped-build',
  severity: 'info',
  title: 'a build that leaves out what another build of the project has',
  why: 'One of two binaries of the same source cannot say which version it is, differs from one machine to the next, or needs a libc that the target lacks; and what is downloaded cannot be compared with anything.',
  fix: 'Build it everywhere by the same command: `CGO_ENABLED=0 go build -trimpath -ldflags "-X main.version=$VERSION"`, and publish `sha256sum` beside it.',
  fixable: 'no',
  example: {
    bad: 'go build -o server .',
    good: 'CGO_ENABLED=0 go build -trimpath -ldflags "-X main.version=$VERSION" -o server .',
  },
  check: unstampedBuilds,
};
