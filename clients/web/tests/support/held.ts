// Holds an act on its way, at the step with a given number or name (core/steps.ts).

import type { SiteServer } from './site_server';

export class Held {
  /** The steps that the act has come to, in their order. */
  readonly steps: string[] = [];
  /** It stands at the step that was asked for. */
  readonly reached: Promise<void>;
  private isHeld = false;
  private letGo: (() => void)[] = [];

  constructor(
    private readonly server: SiteServer,
    at: number | string,
  ) {
    this.reached = new Promise((resolve) => {
      server.onStep = (name) => {
        if (!this.isHeld) this.steps.push(name);
        if (this.steps.length === at || name === at) this.isHeld = true;
        if (!this.isHeld) return Promise.resolve();
        resolve();
        return new Promise<void>((go) => this.letGo.push(go));
      };
    });
  }

  /** Whether the act came to its end before the step; waits for one or the other. */
  async isThrough(act: Promise<unknown>): Promise<boolean> {
    const isOver = act.then(
      () => !this.isHeld,
      () => !this.isHeld,
    );
    return Promise.race([isOver, this.reached.then(() => false)]);
  }

  /** What is held goes on, and whatever comes goes through. */
  end(): void {
    this.server.onStep = async () => undefined;
    for (const go of this.letGo) go();
  }
}

/** Steps at which nothing has been given to the disk yet, and those at which all of it is there. */
export const isBefore = (step: string): boolean => !isBehind(step) && step !== 'committing';
export const isBehind = (step: string): boolean =>
  ['complete', 'done', 'answering', 'answered', 'shown'].includes(step);
