/** Formats that providers give their keys: a value that looks so has no place in a committed file. Bounded, since files can be hostile. */
const KEY_FORMATS: readonly RegExp[] = [
  /\bsk-(?:ant-|proj-|live_|test_)?[A-Za-z0-9_-]{16,}/,
  /\bxai-[A-Za-z0-9]{20,}/,
  /\bhf_[A-Za-z0-9]{20,}/,
  /\bAKIA[0-9A-Z]{16}\b/,
  /\bAIza[0-9A-Za-z_-]{35}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{30,}/,
  /\bgithub_pat_[A-Za-z0-9_]{30,}/,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  /hooks\.slack\.com\/services\/\w/,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\beyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,2000}\./,
  /^(?:Bearer|Token) +[^\s${<]{8,}$/i,
  // host=db password=…, ?api_key=…, --token=…: what a reference stands for is no value.
  /(?:^|[\s?&;,"'])-{0,2}(?:x-)?(?:api[_-]?key|password|passwd|pwd|token|access[_-]token|(?:client[_-])?secret)=[^\s&;,"'${%<]{8,}/i,
  /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,200}:[^\s/@$<]{1,500}@/i,
];

const SECRET_NAME =
  /(?:^|[_-])(?:API[_-]?KEY|PASSWORD|PASSWD|SECRET|TOKEN|PRIVATE[_-]KEY|ACCESS[_-]KEY|WEBHOOK_URL|AUTHORIZATION|COOKIE)$/i;

/** Whether a literal value is a secret by its form, or by the name of the variable, header or flag that carries it. */
export function looksSecret(value: string, name?: string): boolean {
  if (KEY_FORMATS.some(format => format.test(value))) return true;
  return (
    name !== undefined && SECRET_NAME.test(name) && value !== '' && !value.includes('${…}') && !isPath(value)
  );
}

const isPath = (value: string) => /^(?:\/|[A-Za-z]:\\)/.test(value);

/** A text without what looks like a key, for messages that repeat what somebody wrote. */
export const redacted = (text: string): string =>
  KEY_FORMATS.reduce(
    (rest, format) => rest.replace(new RegExp(format, `${format.flags}g`), '[secret]'),
    text,
  );
