import { openOrigins } from '../../origins.ts';
import type { Rule } from '../../rule.ts';

export const corsOpen: Rule = {
  id: 'nginx/cors-open',
  severity: 'error',
  title: 'any site may read answers with the cookies of its visitors',
  why: 'With the origin reflected and credentials allowed, every page that a user opens may call the service as that user and read what it answers. With * browsers refuse the answer, so nothing works at all.',
  fix: 'Name the origins in a map on $http_origin and send the mapped value; or leave Access-Control-Allow-Credentials out.',
  fixable: 'no',
  example: {
    bad: 'add_header Access-Control-Allow-Origin $http_origin;\nadd_header Access-Control-Allow-Credentials true;',
    good: 'add_header Access-Control-Allow-Origin $cors_origin;\nadd_header Access-Control-Allow-Credentials true;',
  },
  check: openOrigins,
};
