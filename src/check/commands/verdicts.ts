import { type Call, isSet, operandsOf, pipeOf, type Shell } from '../scripts.ts';
import { textOf } from './dumps.ts';
import { isFollowed } from './failures.ts';

const PROBE = /\/(?:health\w*|ready\w*|readiness|live\w*|liveness|ping|status|up|_health)\b(?:\/\w*)?["']?$/i;

/** The URL of a health check that curl calls well answered whatever its status. */
export function uncheckedProbe(call: Call): string | undefined {
  if (call.name !== 'curl' || call.whole.substituted) return undefined;
  const { words } = call.command;
  const url = words
    .slice(1)
    .find(word => PROBE.test(word.raw) && /:\/\/|^["']?\$|^["']?localhost/.test(word.raw));
  if (
    !url ||
    words.some(word =>
      /^-[a-zA-Z]*f[a-zA-Z]*$|^--fail|http_code|%\{|^-[a-zA-Z]*[dT]$|^--data/.test(
        word.raw.replace(/^["']/, ''),
      ),
    )
  )
    return undefined;
  const last = call.whole.pipe.index === call.whole.pipe.of - 1;
  if (!last || !decides(call)) return undefined;
  return url.raw.replace(/^["']|["']$/g, '');
}

/** Whether something depends on how it ends: a test of it, or a script that stops. */
function decides({ whole, shell }: Call): boolean {
  if (whole.tested) return true;
  // Commands of a guide are typed and looked at; a script that it writes stops by itself.
  if (shell.host.kind === 'markdown' && shell.document.name === shell.host.name) return false;
  return isSet(shell, 'e');
}

/** `ps | grep name`, which finds the grep. */
export function pipedToSelf(call: Call): string | undefined {
  if (call.name !== 'ps' || call.whole.pipe.index !== 0) return undefined;
  const [, grep, ...more] = pipeOf(call);
  if (!grep || !/^[ef]?grep$/.test(grep.name)) return undefined;
  const text = [grep, ...more].map(textOf).join(' | ');
  const decided =
    grep.whole.tested || /\bgrep\s+(?:-\w*[qc])|\bwc\s+-l/.test(text) || (decides(call) && more.length === 0);
  if (!decided || /-\w*v|\[\w\]|\bpgrep\b/.test(text)) return undefined;
  return 'grep finds itself in the list of processes, so it always finds something';
}

/** A command that goes on for ever although others are to follow it. */
export function lastingOf(call: Call): string | undefined {
  const text = textOf(call);
  const follows =
    /^(?:journalctl|tail|docker|docker-compose|kubectl|podman)$/.test(call.name) &&
    call.command.words.some(word => /^(?:-f|-F|--follow|-[a-zA-Z0-9]*f)$/.test(word.raw)) &&
    (/^(?:journalctl|tail)$/.test(call.name) || /\slogs\s/.test(text)) &&
    !/\s-f\s+\S+\.ya?ml/.test(text.replace(/\slogs\s.*$/s, ''));
  const watches =
    call.name === 'watch' || (call.name === 'kubectl' && /\sget\s.*\s(?:-w|--watch)(?:\s|$)/.test(text));
  if (
    (!follows && !watches) ||
    call.whole.background ||
    call.whole.substituted ||
    call.whole.pipe.index < call.whole.pipe.of - 1
  )
    return undefined;
  // timeout ends it.
  if (/\b(?:timeout|gtimeout)\b/.test(textOf(call).slice(0, 60)) || call.whole.otherwise !== undefined)
    return undefined;
  const { calls } = call.shell;
  const next = calls.slice(calls.indexOf(call) + 1).find(each => each.whole.start > call.whole.end);
  if (!next || !isFollowed(call.shell, call, next)) return undefined;
  return `${wordsOf(call)} goes on for ever, and ${wordsOf(next)} is to follow it`;
}

const LISTS =
  /^(?:docker|podman|docker-compose)\s+(?:compose\s+(?:-\S+\s+\S+\s+)*)?(?:ps|images|container ls)\b(?!.*-q)|^kubectl\s+(?:-n\s+\S+\s+)?get\s|^(?:ls|netstat|ss|ps)\b/;
const JUDGES =
  /\[\[?\s|\bexit\b|\btest\s|\bgrep\b|\bcurl\b|\bwget\b|is-active|\brollout\b|\bwait\b|pg_isready|\bdiff\b|\bjq\b|\bawk\b|\bcase\b|\|\||&&|\bnc\b|aideploy/;

/** Of a script that is there to check: the listing that is all it does. */
export function listingOf(shell: Shell): Call | undefined {
  const { document, host, calls } = shell;
  const checks = /(?:^|[/_.-])(?:verify|check|smoke|health\w*)(?=[_.-]|$)/i.test(document.name);
  if (host !== document || !checks || JUDGES.test(document.text.content.replace(/#.*$/gm, '')))
    return undefined;
  return calls.find(call => call.whole.pipe.of === 1 && LISTS.test(textOf(call).replace(/^sudo\s+/, '')));
}

/** A call in as many words as tell what it does: `docker logs`. */
export function wordsOf({ name, command }: Call): string {
  const verb = operandsOf(command, '-f', '-n', '--file')[0]?.value;
  return /^(?:docker|kubectl|podman|docker-compose|systemctl|gcloud|helm)$/.test(name) && verb
    ? `${name} ${verb}`
    : name;
}
