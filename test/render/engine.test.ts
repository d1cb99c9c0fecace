import handlebars from 'handlebars';
import { describe, expect, test } from 'vitest';
import { compileTemplate } from '../../src/render/compile.ts';
import { createEngine, engineOf, evaluate, templateNames } from '../../src/render/engine.ts';
import { interpolated, interpolation } from '../../src/render/interpolation.ts';
import { engineWith, renderOnce } from './sample.ts';

const yaml = (source: string, view: object) => renderOnce('t/file.yaml', source, view);
const compose = (source: string, view: object) => renderOnce('t/compose.yaml', source, view);

describe('names', () => {
  test.each([
    [
      'a: {{nmae}}',
      { name: 'x' },
      't/file.yaml:1:6: "nmae" is not defined: the view has no "nmae", it has name',
    ],
    ['\na: {{a.b.c}}', { a: { d: 1 } }, 't/file.yaml:2:6: "a.b.c" is not defined: "a" has no "b", it has d'],
    ['a: {{a.b}}', { a: null }, 't/file.yaml:1:6: "a.b" is not defined: "a" has no "b", it has nothing'],
    ['{{#if b}}\na: 1\n{{/if}}', {}, 't/file.yaml:1:7: "b" is not defined'],
    ['{{#each b}}\n- {{this}}\n{{/each}}', {}, 't/file.yaml:1:9: "b" is not defined'],
    ['{{#each b as |x|}}\n- {{x.y}}\n{{/each}}', { b: [{}] }, 't/file.yaml:2:5: "y" is not defined'],
    ['a: {{concat b}}', {}, 't/file.yaml:1:13: "b" is not defined'],
    ['a: {{constructor}}', {}, '"constructor" is not defined'],
    ['a: {{a}}', { a: undefined }, 't/file.yaml:1:4: yaml cannot say a missing value'],
    ['a: {{a}}', { a: { b: 1 } }, 't/file.yaml:1:4: yaml cannot say a mapping: one scalar is needed here'],
  ])('%j is an error', (source, view, message) => {
    expect(() => yaml(source, view)).toThrow(message);
  });

  test('of blocks, parents and data', () => {
    const source = `{{#each services as |service|}}
{{@key}}:
  image: {{service.image}}
  name: {{../name}}
  same: {{@root.name}}
  first: {{@first}}
{{/each}}
{{#with database}}
db: {{host}}
{{else}}
db: none
{{/with}}
`;
    expect(
      yaml(source, { name: 'chat', database: null, services: { api: { image: 'a' }, web: { image: 'b' } } }),
    ).toBe(`api:
  image: a
  name: chat
  same: chat
  first: true
web:
  image: b
  name: chat
  same: chat
  first: false
db: none
`);
  });
});

describe('a template that is refused', () => {
  test.each([
    ['t/file.yaml', 'a: {{{b}}}', 't/file.yaml:1:4: a template cannot write a raw value'],
    ['t/file.yaml', 'a: {{&b}}', 't/file.yaml:1:4: a template cannot write a raw value'],
    ['t/file.yaml', 'a: {{~{b}~}}', 'a template cannot write a raw value'],
    [
      't/file.yaml',
      'a: {{shout b}}',
      't/file.yaml:1:4: no helper is named "shout"; there are concat, eq, join',
    ],
    [
      't/file.yaml',
      '{{#b}}\n{{/b}}',
      't/file.yaml:1:1: no block is named "b"; there are each, if, unless, with',
    ],
    ['t/file.yaml', '{{#if b}}', 't/file.yaml: line 1'],
    ['t/file.yaml', '{{> (b)}}', 't/file.yaml:1:1: a partial is named, not computed'],
    ['t/file.yaml', '{{#*inline "b"}}{{/inline}}', 'is not known here'],
    ['t/file.yaml', 'a: "{{b}}"', 't/file.yaml:1:5: a value is a whole scalar here'],
    ['t/file.yaml', 'a: http://{{b}}', 'a value is a whole scalar here'],
    ['t/file.yaml', 'a: {{b}}:{{c}}', 'a value is a whole scalar here'],
    ['t/file.yaml', 'a: {{b}} c', 'a value is a whole scalar here'],
    ['t/run.sh', 'echo "{{b}}"', 't/run.sh:1:7: a value brings its own quotes'],
    ['t/Dockerfile', 'CMD ["{{b}}"]', 't/Dockerfile:1:7: a value brings its own quotes'],
    ['t/.env.example', 'A="{{b}}"', 't/.env.example:1:4: only NAME=value lines'],
    ['t/file.unknown', 'a', 't/file.unknown: no format is known'],
  ])('%s %j', (name, source, message) => {
    expect(() => engineWith({ [name]: source })).toThrow(message);
  });
});

describe('lines', () => {
  test('standalone tags and comments leave none behind, the file ends with one line end', () => {
    const source = '{{!-- why --}}\r\na: 1\r\n  {{#if b}}\r\nb: 2\n  {{/if}}\n{{! end }}\n\n\n';
    expect(yaml(source, { b: true })).toBe('a: 1\nb: 2\n');
    expect(yaml(source, { b: false })).toBe('a: 1\n');
  });

  test('the same view gives the same bytes', () => {
    const source = '{{#each list}}\n- {{this}}\n{{/each}}\nm: {{yaml map}}\n';
    const view = { list: ['b', 'a'], map: { z: 1, a: [true, null, { k: 'v' }] } };
    const engine = engineWith({ 't/file.yaml': source });
    expect(engine.render('t/file.yaml', view)).toBe(engine.render('t/file.yaml', structuredClone(view)));
  });

  test('a partial is a template with its own format', () => {
    const engine = engineWith({
      't/Dockerfile': 'FROM {{base}}\n{{> t/user.Dockerfile name="a b"}}\n{{#each []}}{{/each}}',
      't/user.Dockerfile': 'LABEL name={{name}}\nUSER {{uid}}\n',
    });
    expect(engine.render('t/Dockerfile', { base: 'scratch', uid: 1, '': [] })).toBe(
      'FROM scratch\nLABEL name="a b"\nUSER 1\n',
    );
  });
});

describe('yaml', () => {
  test('block values take the place they stand at', () => {
    const source = `a: {{yaml map}}
b:
  {{yaml map}}
c:
  - {{yaml map}}
{{yaml map indent=2}}
d: {{yaml list}}
e: {{yaml none}}
f: {{yaml text}}
`;
    expect(
      yaml(source, {
        map: { x: '1', w: { z: [] } },
        list: ['a', { b: 1, c: 2 }, ['d']],
        none: {},
        text: 't',
      }),
    ).toBe(`a:
  x: "1"
  w:
    z: []
b:
  x: "1"
  w:
    z: []
c:
  - x: "1"
    w:
      z: []
  x: "1"
  w:
    z: []
d:
  - a
  - b: 1
    c: 2
  - - d
e: {}
f: t
`);
  });

  test('flow collections, keys and comments', () => {
    expect(
      yaml('# of {{a}}\n{{b}}: [{{a}}, {{b}}] # {{a}}\nc: {x: {{b}} }', { a: "it's: $5", b: 'on' }),
    ).toBe('# of it\'s: $5\n"on": ["it\'s: $5", "on"] # it\'s: $5\nc: {x: "on" }\n');
  });
});

describe('compose', () => {
  const url = interpolated`postgres://app$:${interpolation('${DB_PASSWORD:?set it}')}@db:${5432}/chat`;

  test('a dollar sign is literal, a reference is not', () => {
    expect(
      compose('image: {{image}}\nenvironment: {{yaml env}}', {
        image: interpolation('${AIDEPLOY_TAG:?}'),
        env: { URL: url, A$: '$HOME' },
      }),
    ).toBe(
      'image: "${AIDEPLOY_TAG:?}"\nenvironment:\n  URL: "postgres://app$$:${DB_PASSWORD:?set it}@db:5432/chat"\n  "A$": "$$HOME"\n',
    );
  });

  test('elsewhere a reference means nothing', () => {
    expect(() => yaml('a: {{url}}', { url })).toThrow('yaml cannot say a mapping');
  });

  test.each(['$A', '${A', '${A:-${B}}', '${A:?a\nb}', 'x${A}'])('%j is no reference', text => {
    expect(() => interpolation(text)).toThrow('not a reference');
  });
});

describe('dockerfile', () => {
  const docker = (source: string, view: object) => renderOnce('t/go.Dockerfile', source, view);

  test('each instruction has its own rules', () => {
    const source = `# for {{v}}
FROM {{base}} AS build
ARG V={{v}}
ENV A={{v}} \\
    B={{plain}}
RUN --mount=type=cache,target={{dir}} \\
{{#if v}}
    # a comment
    echo {{v}} && \\
{{/if}}
    echo {{plain}}
HEALTHCHECK --interval={{plain}} \\
    CMD {{json args}}
CMD {{json args}}
`;
    expect(
      docker(source, {
        v: 'a "$b" \\',
        plain: '10s',
        base: 'golang:1.26',
        dir: '/root',
        args: ['a b', '"$x"'],
      }),
    ).toBe(`# for a "$b" \\
FROM golang:1.26 AS build
ARG V="a \\"\\$b\\" \\\\"
ENV A="a \\"\\$b\\" \\\\" \\
    B=10s
RUN --mount=type=cache,target=/root \\
    # a comment
    echo 'a "$b" \\' && \\
    echo 10s
HEALTHCHECK --interval=10s \\
    CMD ["a b", "\\"$x\\""]
CMD ["a b", "\\"$x\\""]
`);
  });

  test.each([
    ['ENV A={{v}}', 'a\nb', 'an instruction ends at a line end'],
    ['WORKDIR {{v}}', 'a b', 'WORKDIR takes letters'],
    ['ENV {{v}}=1', 'a b', 'name takes letters'],
    ['COPY {{json v}}', ['$a', '/'], 'COPY gives $'],
    ['# {{v}}', 'a\nb', 'a comment holds no control characters'],
  ])('%j with %j is refused', (source, v, message) => {
    expect(() => docker(source, { v })).toThrow(message);
  });
});

test.each(['a\nb', ' a', 'a\u0085', '', 'a\0'])('a .dockerignore can not name %j', path => {
  expect(() => renderOnce('t/.dockerignore', '{{path}}', { path })).toThrow(
    't/.dockerignore:1:1: lines cannot say',
  );
});

test('a Windows script ends its lines as cmd wants it', () => {
  // No format is known for these names yet: the rule is for the engine's own end of the work.
  const engine = engineOf({ 't/install.cmd': evaluate(compileTemplate('t/a.yaml', 'a\nb\n', handlebars)) });
  expect(engine.render('t/install.cmd', {})).toBe('a\r\nb\r\n');
});

test('an error inside of a value says where in it, and nothing of what it says', () => {
  const view = { a: { env: [{ KEY: 'secret \ud800' }] } };
  expect(() => compose('a: {{yaml a}}', view)).toThrow(
    't/compose.yaml:1:4: compose cannot say a text of 8 characters at env.KEY: it is not valid Unicode',
  );
});

test('a project’s own template replaces the built-in one, under the same rules', async () => {
  const name = templateNames.find(each => each.endsWith('.dockerignore')) ?? '';
  const override = (source: string) => createEngine({ overrides: new Map([[name, source]]) });
  expect((await override('{{path}}\n')).render(name, { path: '#a*' })).toBe('\\#a\\*\n');
  const file = `.aideploy/templates/${name}.hbs`;
  await expect(override('{{{path}}}')).rejects.toThrow(`${file}:1:1: a template cannot write a raw value`);
  const engine = await override('\n{{path}}');
  expect(() => engine.render(name, {})).toThrow(`${file}:2:3: "path" is not defined`);
});

test('a project’s template replaces a built-in one only', async () => {
  await expect(createEngine({ overrides: new Map([['t/none.yaml', 'a']]) })).rejects.toThrow(
    '.aideploy/templates/t/none.yaml.hbs: replaces no built-in template; there are ',
  );
});
