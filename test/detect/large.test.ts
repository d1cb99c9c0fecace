import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createReading } from '../../src/cli/reading.ts';
import { detect } from '../../src/detect/detect.ts';

/** A program of many types, each with methods and fields called as those of every other. */
async function largeProgram(packages: number): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'large-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const numbers = Array.from({ length: packages }, (_, i) => i);
  await writeFile(join(root, 'go.mod'), 'module example.com/large\ngo 1.26\n');
  for (const i of numbers) {
    await mkdir(join(root, `p${i}`));
    await writeFile(join(root, `p${i}/p.go`), `package p${i}\n\nimport "net/http"\n${types(i)}`);
  }
  const lines = (write: (i: number) => string) => numbers.map(write).join('');
  await writeFile(
    join(root, 'main.go'),
    `package main

import (
	"net/http"
${lines(i => `\t"example.com/large/p${i}"\n`)})

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {})
${lines(i => `\tp${i}.New0().Register(mux)\n`)}	http.ListenAndServe(":8080", mux)
}
`,
  );
  return root;
}

const types = (i: number): string =>
  Array.from(
    { length: 12 },
    (_, k) => `
type T${k} struct{ name string; next *T${k} }

func New${k}() *T${k} { return &T${k}{name: "${i}", next: nil} }

func (t *T${k}) Run(addr string) error { return t.step(t.name) }
func (t *T${k}) step(name string) error { t.next.Run(name); return nil }
func (t *T${k}) Register(mux *http.ServeMux) {
	mux.HandleFunc("GET /things/${i}/${k}", func(w http.ResponseWriter, r *http.Request) { t.Run(t.name) })
}
`,
  ).join('');

/** Milliseconds of a processor, which others at work do not lengthen as they do a clock's. */
async function costOf(root: string): Promise<number> {
  const before = process.cpuUsage();
  const { services } = await detect(root);
  expect(services[0]?.port?.value).toBe(8080);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test('four times as many files take four times as long, not sixteen', async () => {
  await costOf(await largeProgram(10));
  const small = await costOf(await largeProgram(60));
  const large = await costOf(await largeProgram(240));
  expect(large / small).toBeLessThan(8);
}, 120_000);

test('a long reading says what it is at, a short one nothing', () => {
  let now = 0;
  let screen = '';
  const reading = createReading(
    text => (screen += text),
    () => now,
  );
  reading.at('reading go, 1 of 5000: main.go');
  now = 1_999;
  reading.at('reading go, 900 of 5000: a.go');
  expect(screen).toBe('');
  now = 2_000;
  reading.at('reading go, 1000 of 5000: b.go');
  now = 2_100;
  reading.at('reading go, 1010 of 5000: c.go');
  now = 2_200;
  reading.at(`reading go, 1020 of 5000: ${'long/'.repeat(40)}d.go`);
  reading.end();
  expect(screen).toBe(
    `\r\u001b[Kreading go, 1000 of 5000: b.go\r\u001b[Kreading go, 1020 of 5000: ${'long/'.repeat(11).slice(0, 52)}\r\u001b[K`,
  );
});
