import type { Document } from '../../artifacts/document.ts';
import { LOOPBACK } from '../backends.ts';
import type { Context } from '../context.ts';
import type { Finding } from '../rule.ts';
import { listed } from '../words.ts';

interface Forward {
  readonly offset: number;
  readonly target: string;
  /** What is forwarded, where it is written beside it. */
  readonly selector: string | undefined;
  readonly tls: boolean;
  readonly queued: boolean;
}

const RULE = /^[ \t]*([\w*.,;=!]+[ \t]+|:[^\n@]*[ \t])@@?(?:\([\w,]*\))?(\[[^\]]*\]|[\w.-]+)/gm;
const ACTION = /(?:^([ \t]*[\w*.,;=!]+)[ \t]+)?\baction\s*\(([^)]*)\)/gm;

/** https://www.rsyslog.com/doc/configuration/modules/omfwd.html, and the older form with @@. */
function forwardsIn({ text: { content } }: Document<'rsyslog'>): readonly Forward[] {
  const bare = content.replace(/#[^\n]*/g, comment => ' '.repeat(comment.length));
  const setting = (name: string): string =>
    new RegExp(`^[ \\t]*\\$${name}[ \\t]+(\\S+)`, 'mi').exec(bare)?.[1] ?? '';
  const driver =
    setting('DefaultNetstreamDriver') ||
    parameter(/global\s*\(([^)]*)\)/i.exec(bare)?.[1] ?? '', 'defaultnetstreamdriver');
  const secure = /^(?:gtls|ossl|mbedtls)$/.test(driver);
  const older = [...bare.matchAll(RULE)].map(match => ({
    offset: match.index + match[0].search(/\S/),
    target: match[2] ?? '',
    selector: match[1]?.trim(),
    tls: secure && setting('ActionSendStreamDriverMode') === '1',
    queued: setting('ActionQueueFileName') !== '' && setting('ActionQueueType') !== '',
  }));
  const actions = [...bare.matchAll(ACTION)].flatMap(match => {
    const body = match[2] ?? '';
    const type = parameter(body, 'type');
    if (type !== 'omfwd' && type !== 'omrelp') return [];
    const own = /^(?:gtls|ossl|mbedtls)$/.test(parameter(body, 'streamdriver'));
    return [
      {
        offset: match.index + match[0].search(/\S/),
        target: parameter(body, 'target'),
        selector: match[1]?.trim(),
        tls:
          type === 'omrelp'
            ? parameter(body, 'tls') === 'on'
            : (own || secure) && parameter(body, 'streamdrivermode') === '1',
        queued: parameter(body, 'queue.filename') !== '' && parameter(body, 'queue.type') !== '',
      },
    ];
  });
  return [...older, ...actions];
}

const parameter = (body: string, name: string): string =>
  new RegExp(`(?:^|[\\s,])${name.replace('.', '\\.')}\\s*=\\s*"([^"]*)"`, 'i').exec(body)?.[1] ?? '';

/** Logs on their way to another host. */
export function looseForwards(context: Context): Finding[] {
  // `tls: false` in aideploy.yaml was asked for.
  const asked = context.model?.observability.logs.forward;
  const services = new Set([...context.services.keys()].filter(name => name.length > 2));
  return context.of('rsyslog').flatMap(document => {
    const file = (document.name.split('/').at(-1) ?? '').replace(/^\d+-|\.conf$/g, '');
    const own = services.has(file.replace(/[-_.](?:rsyslog|remote|forward\w*|logs?)$/, ''));
    return forwardsIn(document).flatMap((forward): Finding[] => {
      if (LOOPBACK.test(forward.target) || forward.target === '') return [];
      const filtered = /\bprogramname\b|\$syslogtag|:msg,/.test(document.text.content);
      const parts = [
        ...(forward.tls || (asked?.tls === false && asked.to.startsWith(`${forward.target}:`))
          ? []
          : ['in clear text']),
        ...(forward.queued ? [] : ['without a queue on disk']),
        ...(own && !filtered && /^\*\.\*$/.test(forward.selector ?? '')
          ? ['every line of the host instead of those of the service']
          : []),
      ];
      if (parts.length === 0) return [];
      return [
        { at: document.text.place(forward.offset), message: `logs go to ${forward.target} ${listed(parts)}` },
      ];
    });
  });
}
