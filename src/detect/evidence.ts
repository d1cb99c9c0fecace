import type { Node } from '../syntax/tree.ts';
import type { Confidence, Evidence, Finding } from './detection.ts';

const longest = 120;
const secretName =
  /(_|^)(API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|PWD|CREDENTIALS?|DSN|WEBHOOK_URL|CONN(ECTION)?_STRING|PRIVATE_KEY|ACCESS_KEY)(_|$)/i;
const notSecret =
  /(_(PATH|FILE|DIR|TTL|MINUTES|HOURS|DAYS|SECONDS|EXPIRY|EXPIRES|LIMIT|COUNT|HEADER|NAME|LENGTH|SIZE|BUDGET|TYPE)$|^MAX_|_TOKENS?_(PER|MAX)|MAX_TOKENS?)/i;

/** Does a variable of this name hold something that must not be written down? */
export function isSecretName(name: string): boolean {
  if (
    /^(DATABASE|POSTGRES|PG|DB|REDIS|MONGO|MONGODB|AMQP|RABBITMQ|CELERY_BROKER|BROKER)[A-Z_]*_(URL|URI|DSN)$/i.test(
      name,
    )
  )
    return true;
  const snake = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return secretName.test(snake) && !notSecret.test(snake);
}

/** A value that is a credential whatever its name says. */
export function looksSecret(value: string): boolean {
  return (
    /^(sk|pk|rk|ghp|gho|xox[abp]|AKIA|hf|glpat)[-_]?[A-Za-z0-9_-]{8,}/.test(value) ||
    /:\/\/[^\s/:@]*:[^\s/@]+@/.test(value)
  );
}

/** The line, unless it could show a secret: a quoted value on a line that speaks of one. */
export function showLine(line: string): string | undefined {
  const text = line.trim();
  const literals = [...text.matchAll(/(["'`])((?:\\.|(?!\1).)*)\1/g)].map(match => match[2] ?? '');
  if (literals.some(looksSecret) || looksSecret(text.split(/[=:]\s*/).pop() ?? '')) return undefined;
  const speaksOfSecret = /key|token|secret|passw|credential|dsn|database_url/i.test(text);
  if (speaksOfSecret && !literals.every(literal => /^[A-Z0-9_]*$|^\/|^[a-z_-]{0,24}$/.test(literal)))
    return undefined;
  if (speaksOfSecret && literals.length === 0 && /=\s*\S|:\s+\S/.test(text) && !/[(<[]/.test(text))
    return undefined;
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text;
}

export function evidenceAt(file: { path: string; text: string }, node: Node): Evidence {
  const { row, column } = node.startPosition;
  return { ...lineEvidence(file, row + 1), ...{ column: column + 1 } };
}

/** Evidence for the line `line`, counted from 1. */
export function lineEvidence(file: { path: string; text: string }, line: number): Evidence {
  const text = showLine(file.text.split('\n', line)[line - 1] ?? '');
  return { file: file.path, line, ...(text ? { text } : {}) };
}

/** Evidence for an offset into the text. */
export function offsetEvidence(file: { path: string; text: string }, offset: number): Evidence {
  return lineEvidence(file, file.text.slice(0, offset).split('\n').length);
}

export function finding<T>(
  value: T,
  evidence: Evidence | Evidence[],
  confidence: Confidence = 'certain',
): Finding<T> {
  return { value, evidence: distinct(Array.isArray(evidence) ? evidence : [evidence]), confidence };
}

export function distinct(evidence: Evidence[]): Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ file, line }) => {
    const key = `${file}:${line}`;
    return !seen.has(key) && seen.add(key);
  });
}
