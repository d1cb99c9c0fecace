/** What a server reads of the variables under its own name. */
interface ServerVariables {
  readonly prefix: RegExp;
  readonly program: 'gunicorn' | 'uvicorn';
  /** Whether it reads one, where it is the program that is started. */
  reads(name: string): boolean;
  readonly says: string;
}

/** `uvicorn --help` of 0.54: each option is also a variable. https://www.uvicorn.org/settings/ */
const UVICORN =
  'APP APP_DIR ENV_FILE FACTORY FD HEADERS HEADER HOST PORT UDS RELOAD RELOAD_DIR RELOAD_INCLUDE RELOAD_EXCLUDE RELOAD_DELAY WORKERS LOOP HTTP HTTP2 WS WS_MAX_SIZE WS_MAX_QUEUE WS_PING_INTERVAL WS_PING_TIMEOUT WS_PER_MESSAGE_DEFLATE LIFESPAN INTERFACE LOG_CONFIG LOG_LEVEL ACCESS_LOG PROXY_HEADERS SERVER_HEADER DATE_HEADER FORWARDED_ALLOW_IPS ROOT_PATH LIMIT_CONCURRENCY BACKLOG LIMIT_MAX_REQUESTS LIMIT_MAX_REQUESTS_JITTER TIMEOUT_KEEP_ALIVE TIMEOUT_GRACEFUL_SHUTDOWN TIMEOUT_WORKER_HEALTHCHECK SSL_KEYFILE SSL_CERTFILE SSL_KEYFILE_PASSWORD SSL_VERSION SSL_CERT_REQS SSL_CA_CERTS SSL_CIPHERS USE_COLORS H11_MAX_INCOMPLETE_EVENT_SIZE RESET_CONTEXTVARS';
const UVICORN_NAMES = new Set(UVICORN.split(' ').map(name => `UVICORN_${name}`));

export const SERVER_VARIABLES: readonly ServerVariables[] = [
  {
    // https://gunicorn.org/reference/settings/: GUNICORN_CMD_ARGS; GUNICORN_PID and GUNICORN_FD are its own.
    prefix: /^GUNICORN_/,
    program: 'gunicorn',
    reads: name => /^GUNICORN_(?:CMD_ARGS|PID|FD)$/.test(name),
    says: 'gunicorn itself reads GUNICORN_CMD_ARGS alone',
  },
  {
    prefix: /^UVICORN_/,
    program: 'uvicorn',
    reads: name => UVICORN_NAMES.has(name),
    says: 'uvicorn has no such option',
  },
];
