/** Collects output up to a size: its beginning and its end, and a line that says how much is missing. */
export class BoundedOutput {
  private readonly head: Buffer[] = [];
  private readonly tail: Buffer[] = [];
  private headSize = 0;
  private tailSize = 0;
  private total = 0;

  constructor(private readonly limit: number) {}

  add(chunk: Buffer): void {
    this.total += chunk.length;
    const room = Math.max(0, Math.ceil(this.limit / 2) - this.headSize);
    const first = chunk.subarray(0, room);
    const rest = chunk.subarray(room);
    if (first.length > 0) this.head.push(first);
    this.headSize += first.length;
    if (rest.length > 0) this.addToTail(rest);
  }

  get truncated(): boolean {
    return this.total > this.headSize + Math.min(this.tailSize, this.tailLimit);
  }

  toString(): string {
    const tail = Buffer.concat(this.tail).subarray(-this.tailLimit || this.tailSize);
    if (!this.truncated) return Buffer.concat([...this.head, tail]).toString();
    const missing = this.total - this.headSize - tail.length;
    return `${Buffer.concat(this.head).toString()}\n[${missing} bytes left out]\n${tail.toString()}`;
  }

  private get tailLimit(): number {
    return Math.floor(this.limit / 2);
  }

  private addToTail(chunk: Buffer): void {
    this.tail.push(chunk);
    this.tailSize += chunk.length;
    for (let oldest = this.tail[0]; oldest; oldest = this.tail[0]) {
      if (this.tailSize - oldest.length < this.tailLimit) return;
      this.tailSize -= oldest.length;
      this.tail.shift();
    }
  }
}
