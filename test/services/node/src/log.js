// One JSON object a line on standard output, where every platform collects it.

import { settings } from './settings.js';

const LEVELS = ['debug', 'info', 'warn', 'error'];
const threshold = Math.max(0, LEVELS.indexOf(settings.logLevel));

function write(level, msg, fields) {
  if (LEVELS.indexOf(level) < threshold) return;
  const entry = { time: new Date().toISOString(), level, msg, service: settings.service, ...fields };
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}

export const log = {
  debug: (msg, fields) => write('debug', msg, fields),
  info: (msg, fields) => write('info', msg, fields),
  warn: (msg, fields) => write('warn', msg, fields),
  error: (msg, fields) => write('error', msg, fields),
};
