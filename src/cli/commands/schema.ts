import type { Action, Declaration } from '../command.ts';
import { EXIT } from '../exit.ts';

const action: Action<object> = async context => {
  const { jsonSchema } = await import('../../config/json-schema.ts');
  const schema = jsonSchema();
  if (context.format === 'json') context.json({ schema });
  else context.result(JSON.stringify(schema, null, 2));
  return EXIT.yes;
};

export const schema: Declaration = {
  name: 'schema',
  summary: 'prints the JSON Schema of aideploy.yaml, for editors',
  action,
  declare() {},
};
