// The licences of everything in the package that others wrote: their texts have to come along.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const RULE = `\n${'-'.repeat(72)}\n\n`;

export async function licensesText(root, components, schemas) {
  const texts = components.map(async component => {
    const text = await textOf(root, component);
    return `${component.name} ${component.version} (${component.license})\n\n${text.trim()}\n`;
  });
  return [...(await Promise.all(texts)), await schemasText(root, schemas)].join(RULE);
}

/** Its own file and its notices; where it has none, the section of its README; else MIT with its author's name. */
async function textOf(root, component) {
  const folder = join(root, component.folder);
  const names = await readdir(folder);
  const read = async name => (await readFile(join(folder, name), 'utf8')).trim();
  const files = names.filter(name => /^(?:(?:un)?licen[cs]e|copying|notice)(?:[.-]|$)/i.test(name)).sort();
  if (files.length > 0) return (await Promise.all(files.map(read))).join('\n\n');
  const readme = names.find(name => /^readme(?:\.|$)/i.test(name));
  const section = readme && /^#+ *licen[cs]e *\n([\s\S]+)/im.exec(await read(readme))?.[1];
  if (section && /permission/i.test(section)) return section;
  const author = typeof component.author === 'string' ? component.author : component.author?.name;
  if (component.license !== 'MIT' || !author)
    throw new Error(`${component.name}: no text of its licence (${component.license}), and nobody to name`);
  // Our own is MIT too: its terms, below our line of copyright.
  const [, terms] = (await readFile(join(root, 'LICENSE'), 'utf8')).split(/^Copyright.*\n/m);
  return `MIT License\n\nCopyright (c) ${author}\n${terms}`;
}

/** What the schemas are compiled from is all under the Apache License 2.0, as the client of Kubernetes is. */
async function schemasText(root, schemas) {
  const license = await readFile(join(root, 'node_modules/@kubernetes/client-node/LICENSE'), 'utf8');
  const origins = schemas.map(({ file, origin }) => `schemas/${file}: ${origin}`).join('\n');
  return `schemas, compiled into another form and without their descriptions\n\n${origins}\n\n${license.trim()}\n`;
}

/** Where each of schemas/ comes from, as its own first line says. */
export async function schemaOrigins(root) {
  const files = (await readdir(join(root, 'schemas'))).filter(name => name !== 'groups.json').sort();
  return Promise.all(
    files.map(async file => {
      const text = await readFile(join(root, 'schemas', file), 'utf8');
      return { file, origin: JSON.parse(text).origin, text };
    }),
  );
}
