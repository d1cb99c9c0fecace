import type { Format } from '../format.ts';
import { commentText, scalarText } from './scalar.ts';
import { blockHelper, type Scalar, yamlPlace, yamlScalar, yamlText } from './yaml.ts';

/** GitHub puts values in wherever `${{` opens an expression; one that yields just these characters does not. */
const literal = (text: string) => text.replaceAll('${{', "${{ '${{' }}");

const workflowScalar: Scalar = (value, place) =>
  typeof value === 'string' ? yamlText(literal(scalarText('workflow', value))) : yamlScalar(value, place);

/** Workflows of GitHub Actions. Scripts take no values: those come by `env`. */
export const workflow: Format = {
  id: 'workflow',
  place: yamlPlace,
  write: (value, place) =>
    place === 'comment' ? commentText('workflow', value) : workflowScalar(value, place),
  helpers: {
    yaml: blockHelper(workflowScalar),
    /** `{{expression "secrets.TOKEN"}}`, which GitHub evaluates. */
    expression: value => {
      const text = scalarText('workflow', value);
      if (text.includes('}}')) throw new TypeError(`not one expression: ${text}`);
      return yamlText(`\${{ ${text} }}`);
    },
  },
  ownBlank: ['yaml'],
};
