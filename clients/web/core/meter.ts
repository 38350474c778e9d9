const minute = 60_000;

/** Counts the bytes of the line, and how many come in a second. State: the last minute. */
export class Meter {
  private bytesIn = 0;
  private bytesOut = 0;
  private heardAt: number | undefined;
  private readonly last: { at: number; bytes: number }[] = [];

  constructor(private readonly now: () => number) {}

  sent(bytes: number): void {
    this.bytesOut += bytes;
    this.note(bytes);
  }

  received(bytes: number): void {
    this.bytesIn += bytes;
    this.heardAt = this.now();
    this.note(bytes);
  }

  state(): { bytesIn: number; bytesOut: number; rate: number; heardAt?: number } {
    const { bytesIn, bytesOut } = this;
    const heard = this.heardAt === undefined ? {} : { heardAt: this.heardAt };
    return { bytesIn, bytesOut, rate: this.rate(), ...heard };
  }

  private note(bytes: number): void {
    this.last.push({ at: this.now(), bytes });
    while (this.last.length > 1 && (this.last[0]?.at ?? 0) < this.now() - minute) this.last.shift();
  }

  private rate(): number {
    const first = this.last[0];
    if (first === undefined || this.last.length < 2) return 0;
    const span = Math.max(this.now() - first.at, 1);
    const bytes = this.last.reduce((sum, part) => sum + part.bytes, 0);
    return Math.round((bytes * 1000) / span);
  }
}
