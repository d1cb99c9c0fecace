import type { Rule } from '../../rule.ts';
import { absentConfiguration, wrongClass } from '../../workers.ts';

export const workerClass: Rule = {
  id: 'gunicorn/worker-class',
  severity: ['error', 'warning'],
  title: 'workers that cannot serve the application, or a configuration that is not there',
  why: 'A WSGI worker calls an ASGI application with the wrong arguments, and each request ends in an error 500. A class or file that gunicorn does not find keeps it from starting.',
  fix: 'Serve an ASGI application by uvicorn_worker.UvicornWorker or the class asgi; put the configuration beside what names it.',
  fixable: 'no',
  example: {
    bad: 'gunicorn -w 2 app.asgi:application',
    good: 'gunicorn -w 2 -k uvicorn_worker.UvicornWorker app.asgi:application',
  },
  check: context => [...wrongClass(context), ...absentConfiguration(context)],
};
