import { oncePerPlace } from '../../once.ts';
import type { Finding, Rule } from '../../rule.ts';
import { type Start, startsOf } from '../../starts.ts';

export const startDiffers: Rule = {
  id: 'cross/start-differs',
  severity: 'info',
  title: 'a service that starts in another way on another platform',
  why: 'What was tried on one platform says less of the other: another entry point, other flags or another number of workers behave differently under load.',
  fix: 'Start it by the same words everywhere, but for addresses and paths.',
  fixable: 'no',
  example: {
    bad: 'CMD ["uvicorn", "main:app"]\nExecStart=/opt/chat/venv/bin/uvicorn server:application',
    good: 'CMD ["uvicorn", "main:app"]\nExecStart=/opt/chat/venv/bin/uvicorn main:app',
  },
  check: context =>
    oncePerPlace(
      startsOf(context).flatMap(starts =>
        starts.flatMap((start, i) => {
          const other = starts
            .slice(0, i)
            .find(each => each.program === start.program && each.member.platform !== start.member.platform);
          return other ? differences(other, start) : [];
        }),
      ),
    ),
};

function differences(one: Start, other: Start): Finding[] {
  const [a, b] = [whereOf(one), whereOf(other)];
  const related = [{ ...one.at, message: a }];
  const say = (here: string, there: string): Finding[] => [
    {
      at: other.at,
      related,
      message: `${other.program} is started with ${here} ${b}, and with ${there} ${a}`,
    },
  ];
  const [here, there] = [other.app, one.app];
  // Another folder to start in makes `app.main:app` of `main:app`.
  if (here && there && here !== there && !here.endsWith(`.${there}`) && !there.endsWith(`.${here}`))
    return say(here, there);
  const scaled = [one, other].some(({ member }) => /^(?:cloudrun|kubernetes)$/.test(member.platform));
  if (!scaled && one.workers !== undefined && other.workers !== undefined && one.workers !== other.workers)
    return say(`${other.workers} workers`, `${one.workers}`);
  const name = [...other.flags.keys(), ...one.flags.keys()].find(
    flag => one.flags.get(flag) !== other.flags.get(flag),
  );
  return name === undefined ? [] : say(shownFlag(other, name), shownFlag(one, name));
}

const whereOf = ({ member }: Start): string =>
  member.form === 'image' ? 'in the image' : `on ${member.platform}`;

const shownFlag = ({ flags }: Start, name: string): string => {
  const value = flags.get(name);
  return value === undefined ? `no ${name}` : `${name} ${value}`.trim();
};
