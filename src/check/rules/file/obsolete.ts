import { objectSets } from '../../../artifacts/kubernetes/kustomize.ts';
import { argument, type Directive, placeOf as placeOfDirective } from '../../../artifacts/nginx/nginx.ts';
import { nameOf, unwrapped } from '../../../artifacts/shell/script.ts';
import { at, entryOf, placeOf, textOfNode } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { withoutLine } from '../../yaml-lines.ts';

export const obsolete: Rule = {
  id: 'file/obsolete',
  severity: 'info',
  title: 'a key, directive or program that is given up upstream',
  why: 'It does nothing any more, or is about to be removed: the next upgrade of the platform stops at it, or what it was to protect stands open.',
  fix: 'Use what took its place.',
  fixable: 'safe',
  example: { bad: 'docker-compose up --detach', good: 'docker compose up --detach' },
  check: context => [
    ...composeVersion(context),
    ...composeBinary(context),
    ...nginxDirectives(context),
    ...ingress(context),
  ],
};

/** https://docs.docker.com/reference/compose-file/version-and-name/ */
const composeVersion = ({ of }: Context): Finding[] =>
  of('compose').flatMap(({ body }) => {
    const entry = entryOf(body.root, 'version');
    if (!entry) return [];
    return [
      {
        at: placeOf(entry.key),
        message: 'version is ignored since Compose v2',
        fix: 'Leave the key out.',
        edits: withoutLine(body.root, 'version'),
      },
    ];
  });

/** https://docs.docker.com/compose/releases/migrate/: not updated since July 2023. */
const composeBinary = ({ of }: Context): Finding[] =>
  of('shell').flatMap(({ text, body }) =>
    body.commands.map(unwrapped).flatMap(command => {
      const [word] = command.words;
      if (!word || nameOf(command) !== 'docker-compose') return [];
      const edits = word.raw === 'docker-compose' ? [text.edit(word.start, word.end, 'docker compose')] : [];
      return [
        {
          at: text.place(word.start),
          message: 'docker-compose is the program of Compose v1, which ended in 2023',
          fix: 'Call docker compose.',
          edits,
        },
      ];
    }),
  );

function nginxDirectives({ of }: Context): Finding[] {
  const within = (directives: readonly Directive[]): Finding[] =>
    directives.flatMap(directive => [...judge(directive), ...within(directive.block ?? [])]);
  return of('nginx').flatMap(({ body }) => within(body));
}

function judge(directive: Directive): Finding[] {
  const at = placeOfDirective(directive);
  // https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/X-XSS-Protection
  if (
    directive.name === 'add_header' &&
    /^x-xss-protection$/i.test(argument(directive) ?? '') &&
    argument(directive, 1) !== '0'
  )
    return [
      {
        at,
        message: 'no browser heeds X-XSS-Protection any more, and old ones could be attacked through it',
        fix: 'Leave it out; a Content-Security-Policy protects.',
      },
    ];
  // https://nginx.org/en/docs/http/ngx_http_spdy_module.html
  if (directive.name === 'listen' && directive.args.some(arg => arg.value === 'spdy'))
    return [{ at, message: 'SPDY was removed from nginx in 1.9.5', fix: 'Use http2.' }];
  return [];
}

/** https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/ */
const ingress = ({ documents }: Context): Finding[] =>
  objectSets(documents).flatMap(({ objects }) =>
    objects.flatMap(({ kind, root }) => {
      const known = at(root, 'metadata', 'annotations', 'kubernetes.io/ingress.class');
      if (kind !== 'Ingress' || !known || at(root, 'spec', 'ingressClassName')) return [];
      return [
        {
          at: placeOf(known),
          message: `the annotation kubernetes.io/ingress.class (${textOfNode(known)}) is deprecated since Kubernetes 1.18`,
          fix: 'Name the class in spec.ingressClassName.',
        },
      ];
    }),
  );
