/** Just as much of tar as a release needs: files, their paths and modes. https://www.gnu.org/software/tar/manual/html_node/Standard.html */
export interface TarFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  readonly mode: number;
}

const BLOCK = 512;
/** The field of a name; what is longer goes before it as an entry of its own, which every tar of today reads. */
const NAME = 100;
const LONG_NAME = 'L';
const FILE = '0';

export function packTar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ path, content, mode }) => {
    const name = Buffer.from(path);
    const long = name.length > NAME ? entry('././@LongLink', LONG_NAME, Buffer.from(`${path}\0`), 0o644) : [];
    return [...long, ...entry(name.subarray(0, NAME), FILE, Buffer.from(content as string), mode)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** Undefined where it does not go on to its end. */
export function unpackTar(archive: Buffer): { path: string; content: Buffer; mode: number }[] | undefined {
  const files: { path: string; content: Buffer; mode: number }[] = [];
  let long: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK);
    if (header[0] === 0) return files;
    const size = octal(header, 124, 12);
    const content = archive.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) return undefined;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === LONG_NAME) long = text(content, 0, size);
    else if (type === 'x') long = paxPath(content.toString()) ?? long;
    else {
      if (type === FILE || type === '\0')
        files.push({ path: long ?? nameOf(header), content, mode: octal(header, 100, 8) & 0o777 });
      long = undefined;
    }
    at += BLOCK + padded(size);
  }
  return undefined;
}

function entry(name: string | Uint8Array, type: string, content: Buffer, mode: number): Buffer[] {
  const header = Buffer.alloc(BLOCK);
  Buffer.from(name as string).copy(header, 0);
  const put = (value: number, at: number, width: number) =>
    header.write(`${value.toString(8).padStart(width - 1, '0')}\0`, at, 'latin1');
  put(mode, 100, 8);
  put(0, 108, 8);
  put(0, 116, 8);
  put(content.length, 124, 12);
  put(0, 136, 12);
  header.write(' '.repeat(8), 148, 'latin1');
  header.write(type, 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return [header, content, Buffer.alloc(padded(content.length) - content.length)];
}

const padded = (size: number) => Math.ceil(size / BLOCK) * BLOCK;

const text = (bytes: Buffer, at: number, width: number): string =>
  bytes
    .subarray(at, at + width)
    .toString()
    .replace(/\0[\s\S]*$/, '');

const octal = (header: Buffer, at: number, width: number): number =>
  Number.parseInt(text(header, at, width).trim() || '0', 8);

/** Of a POSIX archive, long names have a part before them; GNU's own has other things there. */
function nameOf(header: Buffer): string {
  const prefix = text(header, 257, 8) === 'ustar' ? text(header, 345, 155) : '';
  return prefix === '' ? text(header, 0, NAME) : `${prefix}/${text(header, 0, NAME)}`;
}

const paxPath = (records: string): string | undefined => /^\d+ path=(.*)$/m.exec(records)?.[1];
