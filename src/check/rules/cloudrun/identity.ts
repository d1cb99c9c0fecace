import { factOf, factsOf } from '../../../artifacts/fact.ts';
import { type Call, flagOf } from '../../../artifacts/shell/gcloud.ts';
import { cloudRunServices, gcloudCalls, titledService } from '../../cloudrun.ts';
import type { Context, Member } from '../../context.ts';
import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';

export const identity: Rule = {
  id: 'cloudrun/identity',
  severity: ['error', 'warning'],
  title: 'a Cloud Run service without an account of its own, or whose account may not read a secret',
  why: 'Without an account it runs as the default one of Compute Engine, which in many projects may change everything. And a revision whose account may not read a secret that it mounts does not start.',
  fix: 'Make an account for the service, name it by --service-account, and grant it roles/secretmanager.secretAccessor on each secret that it reads.',
  fixable: 'no',
  example: {
    bad: 'gcloud run deploy chat --image=$IMAGE',
    good: 'gcloud run deploy chat --image=$IMAGE --service-account=chat@$PROJECT.iam.gserviceaccount.com',
  },
  check: context => {
    const grants = grantsIn(context);
    return oncePerPlace(
      cloudRunServices(context).flatMap(member => [
        ...(factOf(member, 'identity') || member.partial
          ? []
          : [
              {
                at: member.at,
                severity: 'warning' as const,
                message: `${titledService(member)} names no service account`,
              },
            ]),
        ...unreadable(member, grants),
      ]),
    );
  },
};

interface Grant {
  readonly secret: string;
  readonly call: Call;
}

/** Which secrets are granted one by one; undefined where a grant is for all of them, or for what is not known here. */
function grantsIn(context: Context): readonly Grant[] | undefined {
  const calls = gcloudCalls(context).filter(
    call =>
      /add-iam-policy-binding$/.test(call.path) &&
      /secretAccessor|secretmanager\.admin|\*|roles\/(?:owner|editor)/.test(
        flagOf(call, 'role')?.value ?? '*',
      ),
  );
  const single = calls.filter(call => call.path === 'secrets add-iam-policy-binding');
  const unknown = single.some(call => call.open || (call.names[0] ?? '*').includes('*'));
  const wide = calls.some(call => call.path === 'projects add-iam-policy-binding');
  return unknown || wide || single.length === 0
    ? undefined
    : single.map(call => ({ secret: call.names[0] ?? '', call }));
}

function unreadable(member: Member, grants: readonly Grant[] | undefined): Finding[] {
  if (!grants) return [];
  return factsOf(member, 'secret.version').flatMap(({ value: { secret, as }, at }): Finding[] => {
    const name = secret.split('/').at(-1) ?? secret;
    if (name.includes('*') || /[${}]/.test(name) || grants.some(each => each.secret === name)) return [];
    const message = `${titledService(member)} reads the secret ${name} (${as}), and nothing grants its account access to it`;
    return [
      {
        at,
        severity: 'error',
        message,
        related: grants
          .slice(0, 1)
          .map(({ secret: other, call }) => ({ ...call.at, message: `${other} is granted` })),
      },
    ];
  });
}
