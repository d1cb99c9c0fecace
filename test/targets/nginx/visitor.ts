/** A client of a site over HTTPS: the address is the test's, the name and the certificate are the site's. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type RequestOptions, request as secureRequest } from 'node:https';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Each header as it came, so that one that came twice is seen. */
  raw: string[];
  body: string;
}

export type Options = RequestOptions & { body?: string | Buffer };

export class Visitor {
  readonly domain: string;
  readonly #host: string;
  readonly #port: number;
  readonly #authority: () => Buffer;

  constructor(host: string, port: number, domain: string, authority: () => Buffer) {
    this.domain = domain;
    this.#host = host;
    this.#port = port;
    this.#authority = authority;
  }

  get ca(): Buffer {
    return this.#authority();
  }

  /** A connection of its own for each request. */
  options(path: string, options: RequestOptions = {}): RequestOptions {
    return {
      host: this.#host,
      port: this.#port,
      servername: this.domain,
      ca: this.ca,
      path,
      agent: false,
      ...options,
      headers: { host: this.domain, ...(options.headers as Record<string, string>) },
    };
  }

  /** The answer as soon as its headers are there. */
  open(path: string, { body, ...options }: Options = {}): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const sent = secureRequest(this.options(path, options), resolve);
      sent.once('error', reject);
      sent.end(body);
    });
  }

  async get(path: string, options: Options = {}): Promise<Answer> {
    const answer = await this.open(path, options);
    const body = await textOf(answer);
    return { status: answer.statusCode ?? 0, headers: answer.headers, raw: answer.rawHeaders, body };
  }

  post(path: string, body: string | Buffer, options: Options = {}): Promise<Answer> {
    const headers = { 'content-length': String(Buffer.byteLength(body)), ...(options.headers as object) };
    return this.get(path, { ...options, method: 'POST', body, headers });
  }
}

export async function textOf(answer: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  return text;
}
