/** docs/configuration.md, from the JSON Schema: every key, its form, its default and what it means. */

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

interface Row {
  readonly path: string;
  readonly form: string;
  readonly standard: string;
  readonly meaning: string;
}

const HEAD = `# aideploy.yaml

Every key, generated from the schema that reads the file (\`aideploy schema\` prints it for editors; \`init\` puts it
beside the file). Durations take a unit (\`90s\`, \`5m\`, \`1h30m\`, \`500ms\`), sizes too (\`256Mi\`, \`2G\`), shares a \`%\`;
CPU is \`250m\` or \`1.5\`. Unknown keys are errors that name the nearest known one.

Values under \`env\`, \`args\`, \`command\` and \`smoke\` may refer to the model: \`\${port}\`, \`\${timeouts.drain}\`,
\`\${services.ollama.url}\`, \`\${database.url}\`. \`$\${\` is a literal \`\${\`.
`;

export function configurationPage(schema: Schema): string {
  const sections = Object.entries(schema.properties ?? {}).map(([key, section]) => {
    const rows = rowsOf(key, section, schema.required?.includes(key) ?? false);
    return `## ${key}\n\n${tableOf(rows)}\n`;
  });
  return [HEAD, ...sections].join('\n');
}

/** Of one section, such as `targets.compose`, without its own row; undefined where it has no keys. */
export function settingsTable(schema: Schema, path: string): string | undefined {
  const section = path
    .split('.')
    .reduce<Schema | undefined>((found, key) => found?.properties?.[key], schema);
  const rows = section && childrenOf(path, section);
  return rows?.length ? tableOf(rows) : undefined;
}

const tableOf = (rows: readonly Row[]): string =>
  ['| Key | Form | Default | Meaning |', '|---|---|---|---|', ...rows.map(line)].join('\n');

function rowsOf(path: string, schema: Schema, required: boolean): Row[] {
  const own: Row = {
    path,
    form: formOf(schema),
    standard: required ? '**required**' : defaultOf(schema),
    meaning: schema.description ?? '',
  };
  return [own, ...childrenOf(path, schema)];
}

function childrenOf(path: string, schema: Schema): Row[] {
  const forms = [schema, ...(schema.anyOf ?? [])];
  return forms.flatMap(form => [
    // An environment repeats the whole file: its rows would too.
    ...(path === 'environments'
      ? []
      : Object.entries(form.properties ?? {}).flatMap(([key, inner]) =>
          rowsOf(`${path}.${key}`, inner, form.required?.includes(key) ?? false),
        )),
    ...(path !== 'environments' && typeof form.additionalProperties === 'object'
      ? childrenOf(`${path}.<name>`, form.additionalProperties)
      : []),
    ...(form.items ? childrenOf(`${path}[]`, form.items) : []),
  ]);
}

function formOf(schema: Schema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map(word => `\`${String(word)}\``).join(', ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(formOf))].join(' or ');
  if (schema.type === 'array') return `list of ${formOf(schema.items ?? {})}`;
  if (schema.type === 'object') return schema.properties ? 'mapping' : 'mapping by name';
  return Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type ?? 'any');
}

function defaultOf({ default: value }: Schema): string {
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0))
    return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

const line = ({ path, form, standard, meaning }: Row) =>
  `| \`${path.replaceAll('|', '\\|')}\` | ${cell(form)} | ${cell(standard)} | ${cell(meaning)} |`;
