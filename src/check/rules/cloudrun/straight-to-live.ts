import { callsOf, flagOf } from '../../../artifacts/shell/gcloud.ts';
import { at, placeOf, textOfNode, type YamlNode } from '../../../artifacts/yaml.ts';
import type { Context } from '../../context.ts';
import type { Finding, Rule } from '../../rule.ts';
import { type Call, shellsOf } from '../../scripts.ts';

export const straightToLive: Rule = {
  id: 'cloudrun/straight-to-live',
  severity: 'warning',
  title: 'a deployment that takes all requests before it is checked',
  why: 'The new revision has every request from the moment it starts: when the check after it fails, users have met the fault already, and somebody has to lead them back.',
  fix: 'Deploy with --no-traffic --tag=candidate, check the URL of the tag, then gcloud run services update-traffic --to-latest.',
  fixable: 'no',
  example: {
    bad: 'gcloud run deploy chat --image=$IMAGE\ncurl --fail $URL/health',
    good: 'gcloud run deploy chat --image=$IMAGE --no-traffic --tag=candidate\ncurl --fail $CANDIDATE/health\ngcloud run services update-traffic chat --to-latest',
  },
  check: context => [...inScripts(context), ...inWorkflows(context)],
};

/** A request that looks whether the service is well. */
const isCheck = ({ name, command }: Call): boolean =>
  /^(?:curl|wget|http|https|grpcurl)$/.test(name) &&
  command.words.slice(1).some(({ raw }) => /health|ready|live|ping|status|smoke|\$\{?\w*URL/i.test(raw)) &&
  // A token, or the metadata of the machine.
  !command.words.some(({ raw }) => /metadata\.google|googleapis\.com|localhost|127\.0\.0\.1/.test(raw));

function inScripts(context: Context): Finding[] {
  const shells = shellsOf(context).filter(({ host }) => host.kind !== 'markdown');
  const live = shells.flatMap(({ document }) =>
    callsOf(document)
      .filter(call => call.path === 'run deploy' && !flagOf(call, 'no-traffic') && !call.open)
      .map(call => ({ call, document })),
  );
  return live.flatMap(({ call, document }): Finding[] => {
    // The steps of a workflow are scripts of one file.
    const checks = shells
      .filter(each => each.document.text.file === document.text.file)
      .flatMap(({ calls }) => calls.filter(isCheck));
    const after = checks.find(each => each.at.line > call.at.line);
    return after ? [finding(call.at, call.names[0], after)] : [];
  });
}

const finding = (place: Finding['at'], name: string | undefined, check: Call): Finding => ({
  at: place,
  message: `the new revision${name && !name.includes('*') ? ` of ${name}` : ''} takes all requests, and is checked after that`,
  related: [{ ...check.at, message: 'the check' }],
});

/** https://github.com/google-github-actions/deploy-cloudrun */
function inWorkflows(context: Context): Finding[] {
  return context.of('workflow').flatMap(({ body, text }) =>
    body.jobs.flatMap(({ steps }) =>
      steps.flatMap((step): Finding[] => {
        if (
          !/^google-github-actions\/deploy-cloudrun@/.test(textOfNode(at(step, 'uses')) ?? '') ||
          holdsBack(step)
        )
          return [];
        const place = placeOf(at(step, 'uses') ?? step);
        const check = shellsOf(context)
          .filter(each => each.document.text.file === text.file)
          .flatMap(({ calls }) => calls.filter(isCheck))
          .find(each => each.at.line > place.line);
        return check ? [finding(place, textOfNode(at(step, 'with', 'service')), check)] : [];
      }),
    ),
  );
}

const holdsBack = (step: YamlNode): boolean =>
  textOfNode(at(step, 'with', 'no_traffic')) === 'true' ||
  /--no-traffic/.test(textOfNode(at(step, 'with', 'flags')) ?? '');
