import { factOf, factsOf } from '../../artifacts/fact.ts';
import { shortName } from '../../artifacts/image.ts';
import { entriesOf } from '../../artifacts/yaml.ts';
import type { Context, Member } from '../context.ts';
import { membersOf } from '../knowledge.ts';
import type { Finding } from '../rule.ts';
import { configFile, wordsOf } from '../servers.ts';
import { cited } from '../words.ts';
import { optionOf } from '../workers.ts';
import { composeServices, lastOf } from './compose-services.ts';
import { imageOf } from './images.ts';

interface Need {
  /** Any of these will do. */
  readonly paths: readonly string[];
  readonly said: string;
  readonly related: NonNullable<Finding['related']>;
}

/** Containers that may write nowhere although what runs in them has to. */
export function withoutScratch(context: Context): Finding[] {
  const services = new Map(composeServices(context).map(service => [service.member, service]));
  return context.members.flatMap((member): Finding[] => {
    const flag = factsOf(member, 'security').findLast(({ value }) => value.setting === 'read-only-root');
    if (member.form !== 'container' || flag?.value.value !== true) return [];
    const writable = factsOf(member, 'volume').filter(
      ({ value }) => !value.readOnly && value.kind !== 'config',
    );
    const isWritable = (path: string) =>
      writable.some(
        ({ value }) => path === value.target || path.startsWith(`${value.target.replace(/\/$/, '')}/`),
      );
    const need = needsOf(context, member).find(({ paths }) => !paths.some(isWritable));
    if (!need) return [];
    const service = services.get(member);
    const first = service && entriesOf(service.entry.value)[0]?.key;
    const { text } = service?.entry.value ?? {};
    const line =
      first && text
        ? text.content.slice(text.content.lastIndexOf('\n', first.start - 1) + 1, first.start)
        : '';
    const mends = service && first && text && !text.within && /^ +$/.test(line) && !lastOf(service, 'tmpfs');
    return [
      {
        at: flag.at,
        message: `${member.name} has a read-only root file system, and ${need.said}`,
        related: need.related,
        edits: mends ? [text.edit(first.start, first.start, `tmpfs: [${need.paths[0]}]\n${line}`)] : [],
      },
    ];
  });
}

function needsOf(context: Context, member: Member): readonly Need[] {
  return [...serverNeeds(context, member), ...imageNeeds(member), ...variableNeeds(member)];
}

/** gunicorn's heartbeat, and uploads that Python puts into temporary files. https://gunicorn.org/reference/settings/#worker_tmp_dir */
function serverNeeds(context: Context, member: Member): Need[] {
  const built = imageOf(context, member);
  const runs = factOf(member, 'command') ? member : (built ?? member);
  const server = factOf(runs, 'server');
  const command = factOf(runs, 'command');
  if (!server || !command) return [];
  const scratch = factsOf(member, 'env').findLast(({ value }) => value.name === 'TMPDIR')?.value.value;
  const paths = scratch ? [scratch] : ['/tmp', '/var/tmp'];
  if (server.value.program === 'gunicorn') {
    const words = wordsOf(command);
    const file = configFile(optionOf(words, '-c', '--config'), context.documents);
    const own =
      optionOf(words, '--worker-tmp-dir') ??
      file?.body.findLast(({ name }) => name === 'worker_tmp_dir')?.raw;
    const related = [cited(command as Member['facts'][number], 'gunicorn is started here')];
    return own === undefined
      ? [{ paths, said: `gunicorn finds no place for the heartbeat of its workers (${paths[0]})`, related }]
      : [];
  }
  // Python keeps a form's large parts in temporary files, and bodies of JSON in memory.
  const uploads = membersOf(context, member)
    .flatMap(each => factsOf(each, 'body.limit'))
    .find(({ value, note }) => value > 1024 * 1024 && /UPLOAD/.test(note ?? ''));
  return uploads
    ? [
        {
          paths,
          said: `uploads are kept in ${paths[0]}`,
          related: [cited(uploads as Member['facts'][number])],
        },
      ]
    : [];
}

/** Docker's own nginx writes its caches and its process id; the unprivileged one all of it to /tmp. */
function imageNeeds(member: Member): Need[] {
  const image = factOf(member, 'image');
  const name = image ? shortName(image.value) : '';
  const related = image ? [cited(image as Member['facts'][number], image.value.raw)] : [];
  if (name === 'nginx-unprivileged') return [{ paths: ['/tmp'], said: 'nginx writes to /tmp', related }];
  return name === 'nginx' &&
    image?.value.repository.replace(/^(?:docker\.io\/)?(?:library\/)?/, '') === 'nginx'
    ? [{ paths: ['/var/cache/nginx'], said: 'nginx writes to /var/cache/nginx', related }]
    : [];
}

const variableNeeds = (member: Member): Need[] =>
  factsOf(member, 'env').flatMap(fact => {
    const { name, value = '' } = fact.value;
    const isPlace =
      /^(?:TMPDIR|TEMP|TMP)$|(?:^|_)(?:UPLOADS?|CACHE|TMP|TEMP|SCRATCH)_(?:DIR|PATH|FOLDER)$/.test(name);
    return isPlace && /^\/[\w./-]+$/.test(value) && !/^\/dev\/shm(?:\/|$)/.test(value)
      ? [
          {
            paths: [value],
            said: `${name} is ${value}`,
            related: [cited(fact as Member['facts'][number], `${name}=${value}`)],
          },
        ]
      : [];
  });
