import type { Rule } from '../../rule.ts';

export const skipped: Rule = {
  id: 'file/skipped',
  severity: 'info',
  title: 'an artifact that was not checked',
  why: 'A template says nothing until it is filled in, and what is too large was not written by hand: silence about it is no good news.',
  fix: 'Check what the template becomes: `helm template ... > rendered.yaml && aideploy check rendered.yaml`.',
  fixable: 'no',
  example: { bad: 'image: {{ .Values.image }}', good: 'image: ghcr.io/acme/api:1.4.2' },
  check: ({ complaints }) => complaints.filter(each => each.rule === 'file/skipped'),
};
