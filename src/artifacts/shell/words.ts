import { children, field, type Node } from '../../syntax/tree.ts';
import type { Variable, Word } from './script.ts';

const EXPANSIONS = new Set([
  'arithmetic_expansion',
  'brace_expression',
  'command_substitution',
  'expansion',
  'process_substitution',
  'simple_expansion',
]);

export function wordOf(node: Node): Word {
  return {
    value: literal(node),
    raw: node.text,
    variables: variablesIn(node, false, 0),
    start: node.startIndex,
    end: node.endIndex,
  };
}

/** What a word is worth where nothing in it has to be worked out. */
function literal(node: Node): string | undefined {
  switch (node.type) {
    case 'raw_string':
      return node.text.slice(1, -1);
    case 'string': {
      if (children(node).some(child => EXPANSIONS.has(child.type))) return undefined;
      return node.text
        .slice(1, -1)
        .replace(/\\\n/g, '')
        .replace(/\\(["\\$`])/g, '$1');
    }
    case 'ansi_c_string':
      return undefined;
    case 'command_name': {
      const inner = children(node)[0];
      return inner ? literal(inner) : node.text;
    }
    case 'concatenation': {
      const parts = children(node).map(literal);
      return parts.includes(undefined) ? undefined : parts.join('');
    }
    default:
      return EXPANSIONS.has(node.type) ? undefined : node.text.replace(/\\\n/g, '').replace(/\\(.)/g, '$1');
  }
}

const DEEPEST = 64;

function variablesIn(node: Node, quoted: boolean, depth: number): Variable[] {
  if (depth > DEEPEST) return [];
  if (node.type === 'simple_expansion' || node.type === 'expansion') {
    const own = variableOf(node, quoted);
    return [
      ...(own ? [own] : []),
      ...children(node).flatMap(child =>
        child.type === 'variable_name' ? [] : variablesIn(child, quoted, depth + 1),
      ),
    ];
  }
  // What stands in $( … ) is a command of its own.
  if (node.type === 'command_substitution' || node.type === 'process_substitution') return [];
  const inner = quoted || node.type === 'string';
  return children(node).flatMap(child => variablesIn(child, inner, depth + 1));
}

function variableOf(node: Node, quoted: boolean): Variable | undefined {
  const name = children(node).find(
    child => child.type === 'variable_name' || child.type === 'special_variable_name',
  );
  if (!name) return undefined;
  const operator = /^\$\{!?\w+(?:\[[^\]]*\])?(:?[-?+=]|[#%/^,@]+)/.exec(node.text)?.[1];
  const fallback = operator ? node.text.slice(node.text.indexOf(operator) + operator.length, -1) : undefined;
  return {
    name: name.text,
    quoted,
    start: node.startIndex,
    ...(operator ? { operator } : {}),
    ...(fallback !== undefined ? { fallback } : {}),
  };
}

export const bodyOf = (node: Node): Node | undefined => field(node, 'body');
