import { expanded } from '../artifacts/dockerfile/facts.ts';
import { factsOf } from '../artifacts/fact.ts';
import { type ImageReference, imageReference } from '../artifacts/image.ts';
import { own } from '../artifacts/own.ts';
import type { Place } from '../artifacts/text.ts';
import { at, entriesOf, placeOf, textOfNode } from '../artifacts/yaml.ts';
import type { Context } from './context.ts';
import { LIFETIMES, MODELS, type Product } from './end-of-life.ts';
import { writtenValues } from './variables.ts';

/** A version of something that the set depends on. */
export interface VersionUse {
  readonly product: Product;
  /** As the table of lifetimes names it. */
  readonly version: string;
  readonly at: Place;
  /** What is run or built there, as written. */
  readonly what: string;
  readonly by: 'image' | 'model' | 'workflow';
}

export const versionsIn = (context: Context): readonly VersionUse[] => {
  const found = [
    ...inDockerfiles(context),
    ...inMembers(context),
    ...inWorkflows(context),
    ...models(context),
  ];
  return [...new Map(found.map(use => [`${use.at.file}:${use.at.line}:${use.product}`, use])).values()];
};

/** Versions of an image: of what it is named for, and of what its tag says that it is built on. */
function ofImage(image: ImageReference | undefined, place: Place): VersionUse[] {
  if (!image?.tag) return [];
  const name = image.repository.replace(/^(?:docker\.io\/)?(?:library\/)?/, '');
  const use = (product: Product, version: string | undefined): VersionUse[] =>
    version === undefined ? [] : [{ product, version, at: place, what: `${name}:${image.tag}`, by: 'image' }];
  const tag = image.tag;
  const number = /^(?:pg|v)?(\d+(?:\.\d+)?)/.exec(tag)?.[1];
  const product = own(OWN, name);
  return [
    ...(product
      ? use(product, versionOf(product, /^\d|^pg\d|^v\d/.test(tag) ? number : tag.split('-')[0]))
      : []),
    ...(product && !DISTRIBUTIONS.includes(product)
      ? inTag(tag).flatMap(([product, version]) => use(product, version))
      : []),
  ];
}

const OWN: Readonly<Record<string, Product>> = {
  alpine: 'alpine',
  debian: 'debian',
  golang: 'go',
  'kindest/node': 'kubernetes',
  node: 'node',
  'pgvector/pgvector': 'postgres',
  'postgis/postgis': 'postgres',
  postgres: 'postgres',
  python: 'python',
  ubuntu: 'ubuntu',
};
const DISTRIBUTIONS: readonly Product[] = ['alpine', 'debian', 'ubuntu'];

/** `3.9-slim-bullseye`, `22-alpine3.18`. */
const inTag = (tag: string): (readonly [Product, string])[] =>
  tag
    .split('-')
    .slice(1)
    .flatMap((part): (readonly [Product, string])[] => {
      const alpine = /^alpine(\d+\.\d+)$/.exec(part)?.[1];
      if (alpine) return [['alpine', alpine]];
      return LIFETIMES.debian.ends.has(part) && /^[a-z]+$/.test(part) ? [['debian', part]] : [];
    });

/** As precise as the table is: `18.19` of Node is `18`; `3` of Python may be any. */
function versionOf(product: Product, version: string | undefined): string | undefined {
  if (version === undefined || version === '') return undefined;
  const whole = /^(?:node|postgres|debian)$/.test(product) && !/^9\./.test(version);
  if (whole || !/^\d/.test(version)) return version.split('.')[0];
  return version.includes('.') ? version : undefined;
}

const inDockerfiles = (context: Context): VersionUse[] =>
  context
    .of('dockerfile')
    .flatMap(({ body, text }) =>
      body.stages.flatMap(stage =>
        ofImage(imageReference(expanded(body, stage.image.value)), text.place(stage.image.start)),
      ),
    );

const inMembers = ({ members }: Context): VersionUse[] =>
  members
    .filter(member => member.form === 'container')
    .flatMap(member => factsOf(member, 'image').flatMap(({ value, at: place }) => ofImage(value, place)));

const SETUPS: Readonly<Record<string, readonly [Product, string]>> = {
  'actions/setup-go': ['go', 'go-version'],
  'actions/setup-node': ['node', 'node-version'],
  'actions/setup-python': ['python', 'python-version'],
};

const inWorkflows = (context: Context): VersionUse[] =>
  context.of('workflow').flatMap(({ body }) =>
    body.jobs.flatMap(job => [
      ...job.steps.flatMap((step): VersionUse[] => {
        const uses = textOfNode(at(step, 'uses'))?.split('@')[0] ?? '';
        const [product, key] = own(SETUPS, uses) ?? [];
        const node = key === undefined ? undefined : at(step, 'with', key);
        const written = textOfNode(node);
        const number = /^[v^~]?(\d+(?:\.\d+)?)(?:\.[\dx*]+)*$/.exec(written ?? '')?.[1];
        const version = product && versionOf(product, number);
        // Of a matrix there are several.
        const several = product && written?.includes('${{');
        if (several && node) return [{ product, version: '', at: placeOf(node), what: uses, by: 'workflow' }];
        return product && version && node
          ? [{ product, version, at: placeOf(node), what: `${uses} ${written}`, by: 'workflow' }]
          : [];
      }),
      ...entriesOf(at(job.node, 'services')).flatMap(({ value }) => {
        const node = at(value, 'image') ?? value;
        return ofImage(imageReference(textOfNode(node) ?? ''), placeOf(node));
      }),
    ]),
  );

/** Names of models, as variables give them. */
const models = (context: Context): VersionUse[] =>
  writtenValues(context)
    .filter(({ name }) => /(?:^|_)MODEL(?:_NAME|_ID|S)?$|^MODEL_|_MODEL_/.test(name))
    .flatMap(({ value, at: place, name }) => {
      const id = value
        .trim()
        .replace(/^["']|["']$/g, '')
        .replace(/^(?:openai|anthropic|google|gemini)\//, '');
      const product = MODELS.find(each => LIFETIMES[each].ends.has(id));
      return product ? [{ product, version: id, at: place, what: `${name}=${id}`, by: 'model' }] : [];
    });
