import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { apply } from '../../src/workspace/apply.ts';
import { readOverrides } from '../../src/workspace/overrides.ts';
import { plan } from '../../src/workspace/plan.ts';
import { writeFileAtomic } from '../../src/workspace/write.ts';
import { artifacts, project, said } from './project.ts';

const OLD = 'from\none\ntwo\nthree\nport 80\n';
const NEW = 'from\none\ntwo\nthree\nport 81\n';

describe('a first render', () => {
  test('creates files, and the same again changes nothing', async () => {
    const { render, read, list } = await project();
    const first = await render({ Dockerfile: OLD, 'deploy/a.sh': 'b\n' });
    expect(said(first)).toBe('Dockerfile: create, deploy/a.sh: create');
    expect(first.drift).toBe(true);
    expect(first.changes[1]?.diff).toBe('--- /dev/null\n+++ b/deploy/a.sh\n@@ -0,0 +1,1 @@\n+b\n');
    const manifest = await read('.aideploy/manifest.json');
    const second = await render({ Dockerfile: OLD, 'deploy/a.sh': 'b\n' });
    expect(said(second)).toBe('Dockerfile: keep, deploy/a.sh: keep');
    expect(second.drift).toBe(false);
    expect(second.changes.map(change => change.diff)).toEqual(['', '']);
    expect(await read('.aideploy/manifest.json')).toBe(manifest);
    expect(await list()).toEqual(['Dockerfile', 'deploy/a.sh']);
  });

  test('leaves a file that was there, and puts its own beside it', async () => {
    const { render, read } = await project({ Dockerfile: 'mine\n' });
    for (const _ of ['first', 'again']) {
      const planned = await render({ Dockerfile: OLD });
      expect(said(planned)).toBe('Dockerfile: foreign');
      expect(planned.drift).toBe(true);
      expect(await read('Dockerfile')).toBe('mine\n');
      expect(await read('Dockerfile.aideploy-new')).toBe(OLD);
    }
    expect(said(await render({ Dockerfile: OLD }, { force: true }))).toBe('Dockerfile: update');
    expect(await read('Dockerfile')).toBe(OLD);
    await expect(read('Dockerfile.aideploy-new')).rejects.toThrow('ENOENT');
  });

  test('adopts a file that is the same already', async () => {
    const { render, write, read } = await project({ Dockerfile: OLD });
    expect(said(await render({ Dockerfile: OLD }))).toBe('Dockerfile: keep');
    expect(said(await render({ Dockerfile: NEW }))).toBe('Dockerfile: update');
    await write('Dockerfile', `# mine\n${NEW}`);
    expect(said(await render({ Dockerfile: OLD }))).toBe('Dockerfile: merge');
    expect(await read('Dockerfile')).toBe(`# mine\n${OLD}`);
  });
});

describe('a hand edit', () => {
  test('is kept while the rendering stays, and is no drift', async () => {
    const { render, write, read } = await project();
    await render({ Dockerfile: OLD });
    await write('Dockerfile', `# mine\n${OLD}`);
    const planned = await render({ Dockerfile: OLD });
    expect(said(planned)).toBe('Dockerfile: keep');
    expect(planned.drift).toBe(false);
    expect(await read('Dockerfile')).toBe(`# mine\n${OLD}`);
  });

  test('is merged with a changed rendering', async () => {
    const { render, write, read } = await project();
    await render({ Dockerfile: OLD });
    await write('Dockerfile', `# mine\n${OLD}`);
    const planned = await render({ Dockerfile: NEW });
    expect(said(planned)).toBe('Dockerfile: merge');
    expect(planned.changes[0]?.diff).toContain('-port 80\n+port 81\n');
    expect(planned.changes[0]?.diff).not.toContain('+# mine');
    expect(await read('Dockerfile')).toBe(`# mine\n${NEW}`);
    expect(said(await render({ Dockerfile: NEW }))).toBe('Dockerfile: keep');
  });

  test('that contradicts stays, the rendering goes beside it until one answers the other', async () => {
    const { render, write, read, list } = await project();
    await render({ Dockerfile: OLD });
    await write('Dockerfile', OLD.replace('80', '9000'));
    for (const _ of ['first', 'again']) {
      const planned = await render({ Dockerfile: NEW });
      expect(said(planned)).toBe('Dockerfile: conflict');
      expect(planned.drift).toBe(true);
      expect(planned.changes[0]?.diff).toContain('-port 9000\n+port 81\n');
      expect(await read('Dockerfile')).toBe(OLD.replace('80', '9000'));
      expect(await read('Dockerfile.aideploy-new')).toBe(NEW);
    }
    const answered = await render({ Dockerfile: NEW }, { keepMine: ['Dockerfile'] });
    expect([said(answered), answered.drift]).toEqual(['Dockerfile: keep', false]);
    expect(await read('Dockerfile')).toBe(OLD.replace('80', '9000'));
    expect(await list()).toEqual(['Dockerfile']);
    expect((await render({ Dockerfile: NEW })).drift).toBe(false);
  });

  test('that takes over the rendering ends a conflict', async () => {
    const { render, write, list } = await project();
    await render({ Dockerfile: OLD });
    await write('Dockerfile', OLD.replace('80', '9000'));
    await render({ Dockerfile: NEW });
    await write('Dockerfile', `# mine\n${NEW}`);
    expect(said(await render({ Dockerfile: NEW }))).toBe('Dockerfile: keep');
    expect(await list()).toEqual(['Dockerfile']);
  });

  test('in a .aideploy-new is never overwritten or removed', async () => {
    const { render, write, read } = await project();
    await render({ Dockerfile: OLD });
    await write('Dockerfile', OLD.replace('80', '9000'));
    await render({ Dockerfile: NEW });
    await write('Dockerfile.aideploy-new', 'notes\n');
    const planned = await render({ Dockerfile: NEW.replace('81', '82') });
    expect(planned.changes[0]?.note).toContain('Dockerfile.aideploy-new was edited');
    await render({ Dockerfile: NEW }, { force: true });
    expect(await read('Dockerfile.aideploy-new')).toBe('notes\n');
  });

  test('is dropped by force only', async () => {
    const { render, write, read } = await project();
    await render({ Dockerfile: OLD });
    await write('Dockerfile', 'mine\n');
    expect(said(await render({ Dockerfile: OLD }, { force: true }))).toBe('Dockerfile: update');
    expect(await read('Dockerfile')).toBe(OLD);
  });

  test('that deletes the file is respected', async () => {
    const { render, remove, list } = await project();
    await render({ Dockerfile: OLD });
    await remove('Dockerfile');
    for (const rendered of [OLD, NEW]) {
      const planned = await render({ Dockerfile: rendered });
      expect(planned.changes[0]).toMatchObject({ action: 'keep', deleted: true });
      expect(planned.drift).toBe(false);
    }
    expect(await list()).toEqual([]);
    expect(said(await render({ Dockerfile: NEW }, { force: true }))).toBe('Dockerfile: create');
  });

  test('of line ends is kept, and new lines get them', async () => {
    const { render, write, read } = await project();
    await render({ Dockerfile: OLD });
    await write('Dockerfile', OLD.replaceAll('\n', '\r\n'));
    expect((await render({ Dockerfile: OLD })).drift).toBe(false);
    await render({ Dockerfile: NEW });
    expect(await read('Dockerfile')).toBe(NEW.replaceAll('\n', '\r\n'));
  });

  test('that is not text survives', async () => {
    const { render, write, read } = await project({ foreign: 'x' });
    await render({ Dockerfile: OLD });
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    await write('Dockerfile', bytes);
    await write('foreign', bytes);
    expect(said(await render({ Dockerfile: NEW, foreign: NEW }))).toBe(
      'Dockerfile: conflict, foreign: foreign',
    );
    expect(Buffer.from(await read('Dockerfile'), 'utf8')).toEqual(Buffer.from(bytes.toString('utf8')));
    expect(said(await render({ Dockerfile: OLD, foreign: OLD }))).toBe('Dockerfile: keep, foreign: foreign');
  });

  test('of the copies too, as by search-and-replace, is not taken for the rendering', async () => {
    const { render, write, read } = await project();
    await render({ Dockerfile: OLD });
    for (const path of ['Dockerfile', '.aideploy/rendered/Dockerfile'])
      await write(path, OLD.replace('one', 'ONE'));
    expect(said(await render({ Dockerfile: NEW }))).toBe('Dockerfile: conflict');
    expect(await read('Dockerfile')).toBe(OLD.replace('one', 'ONE'));
  });
});

describe('permissions', () => {
  const script = (content: string, mode = 0o755) => [{ path: 'a.sh', content, target: 'docker', mode }];

  test('follow the rendering, but not against a hand edit', async () => {
    const { render, chmod, executable } = await project();
    await render(script('a\n'));
    expect(await executable('a.sh')).toBe(true);
    const changed = await render(script('a\n', 0o644));
    expect([said(changed), changed.changes[0]?.diff]).toEqual([
      'a.sh: update',
      'a.sh: is no longer executable\n',
    ]);
    await chmod('a.sh', 0o755);
    expect((await render(script('a\n', 0o644))).drift).toBe(false);
    await render(script('b\n', 0o644));
    expect(await executable('a.sh')).toBe(true);
  });
});

describe('what is no longer rendered', () => {
  test('stays without --prune, goes with it, with its empty folders', async () => {
    const { render, list } = await project();
    await render({ Dockerfile: OLD, 'deploy/x/a': 'a\n' });
    const listed = await render({ Dockerfile: OLD });
    expect(listed.changes[1]).toMatchObject({ path: 'deploy/x/a', action: 'keep', stale: true });
    expect(listed.drift).toBe(false);
    const pruned = await render({ Dockerfile: OLD }, { prune: true });
    expect([said(pruned), pruned.drift]).toEqual(['Dockerfile: keep, deploy/x/a: prune', true]);
    expect(await list()).toEqual(['Dockerfile']);
    expect(said(await render({ Dockerfile: OLD, 'deploy/x/a': 'a\n' }))).toBe(
      'Dockerfile: keep, deploy/x/a: create',
    );
  });

  test('stays when it was edited, or belongs to a target that was not rendered', async () => {
    const { render, write, list } = await project();
    await render([...artifacts({ a: 'a\n', b: 'b\n' }), ...artifacts({ c: 'c\n' }, 'compose')]);
    await write('a', 'mine\n');
    const planned = await render([], { prune: true, targets: ['docker'] });
    expect(said(planned)).toBe('a: keep, b: prune');
    expect(planned.changes[0]?.note).toContain('edited by hand');
    expect(await list()).toEqual(['a', 'c']);
  });
});

describe('refused', () => {
  test.each(['/etc/x', '../x', 'a/../b', 'a//b', './a', '', 'a\\b', 'C:/x', 'a\0b'])(
    'the path %j',
    async path => {
      const { root } = await project();
      await expect(plan(root, artifacts({ [path]: 'x' }))).rejects.toThrow('not a path inside the project');
      await expect(writeFileAtomic(root, path, 'x')).rejects.toThrow('not a path inside the project');
    },
  );

  test('links that lead out, while those inside are followed', async () => {
    const outside = await project({ 'x/file': 'theirs\n' });
    const { root, at, render, read, write } = await project({ 'real/keep': '' });
    await symlink(outside.at('x'), at('out'));
    await symlink(outside.at('x/file'), at('file'));
    await symlink('nowhere', at('dangling'));
    await symlink('real', at('linked'));
    for (const path of ['out/file', 'file', 'dangling']) {
      await expect(plan(root, artifacts({ [path]: 'x' }))).rejects.toThrow(
        /symbolic link that leads? (leaves|nowhere)|leaves the project/,
      );
    }
    await render({ 'linked/a': 'a\n' });
    expect(await read('real/a')).toBe('a\n');
    expect(await outside.read('x/file')).toBe('theirs\n');
    await write('.aideploy/manifest.json', '{"version":1,"files":{"../x":{"target":"docker"}}}');
    await expect(plan(root, [])).rejects.toThrow('not a path inside the project');
  });

  test('a folder in the file’s place, a file in the folder’s', async () => {
    const { root, at } = await project({ file: '' });
    await mkdir(at('folder'));
    await expect(plan(root, artifacts({ folder: 'x' }))).rejects.toThrow(
      'folder: a directory is where a file belongs',
    );
    await expect(plan(root, artifacts({ 'file/x': 'x' }))).rejects.toThrow('file/x: file is no directory');
  });

  test.each([
    ['<<<<<<< HEAD', 'not a JSON object'],
    ['{"version":2,"files":{}}', 'version 2 is not known'],
    ['{"version":1,"files":[]}', '"files" is not an object'],
    ['{"version":1,"files":{"a":{"target":1}}}', 'the entry of "a"'],
  ])('the manifest %s, without which nothing is lost', async (content, message) => {
    const { root, render, write, remove, read } = await project();
    await render({ Dockerfile: OLD });
    await write('Dockerfile', `# mine\n${OLD}`);
    await write('.aideploy/manifest.json', content);
    await expect(plan(root, artifacts({ Dockerfile: NEW }))).rejects.toThrow(
      `.aideploy/manifest.json: ${message}`,
    );
    await remove('.aideploy/manifest.json');
    expect(said(await render({ Dockerfile: NEW }))).toBe('Dockerfile: merge');
    expect(await read('Dockerfile')).toBe(`# mine\n${NEW}`);
  });

  test('an edit between looking and writing', async () => {
    const { root, render, write, read } = await project();
    await render({ Dockerfile: OLD });
    const planned = await plan(root, artifacts({ Dockerfile: NEW }));
    await write('Dockerfile', 'mine\n');
    await expect(apply(root, planned)).rejects.toThrow('Dockerfile: changed while it was being rendered');
    expect(await read('Dockerfile')).toBe('mine\n');
  });

  test('two artifacts of one path, and an answer for a file that is not rendered', async () => {
    const { root } = await project();
    await expect(plan(root, [...artifacts({ a: '1' }), ...artifacts({ a: '2' })])).rejects.toThrow(
      'one path: a',
    );
    await expect(plan(root, artifacts({ a: '1' }), { keepMine: ['b'] })).rejects.toThrow(
      'b: not among the files',
    );
  });
});

test('a project’s templates are read by name', async () => {
  const { root } = await project({
    '.aideploy/templates/docker/go.Dockerfile.hbs': 'FROM x\n',
    '.aideploy/templates/compose/compose.yaml.hbs': 'a: 1\n',
    '.aideploy/templates/README.md': '',
  });
  expect([...(await readOverrides(root))]).toEqual([
    ['compose/compose.yaml', 'a: 1\n'],
    ['docker/go.Dockerfile', 'FROM x\n'],
  ]);
  const empty = await project();
  expect(await readOverrides(empty.root)).toEqual(new Map());
});
