/**
 * How long to wait before the next connection: the rule of clients/core/sync/backoff.h, so that the
 * pages of a province do not come back in step after a restart.
 */
export class Backoff {
  private last: number;

  /** `random`: evenly in [0, 1). Waits in ms. */
  constructor(
    private readonly random: () => number,
    private readonly shortest = 1_000,
    private readonly longest = 60_000,
  ) {
    this.last = shortest;
  }

  /** `asked`: the server wants at least so much; the jitter comes on top. */
  next(asked = 0): number {
    const highest = Math.min(this.longest, 3 * this.last);
    this.last = this.shortest + Math.floor(this.random() * (highest - this.shortest + 1));
    return asked + this.last;
  }

  /** A connection was of use. */
  reset(): void {
    this.last = this.shortest;
  }
}
