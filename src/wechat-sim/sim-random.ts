import { createHash, randomBytes } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Numbers, letters and chances that are the same again for the same seed. */
export class SimRandom {
  private drawn = 0;
  private readonly seed: string;

  /** @param seed drawn anew where there is none */
  constructor(seed: string = randomBytes(16).toString('hex')) {
    this.seed = seed;
  }

  letters(count: number): string {
    let text = '';
    while (text.length < count) text += Array.from(this.draw(), (byte) => LETTERS[byte % LETTERS.length]).join('');
    return text.slice(0, count);
  }

  digits(count: number): string {
    let text = '';
    while (text.length < count) text += Array.from(this.draw(), (byte) => byte % 10).join('');
    return text.slice(0, count);
  }

  /** Whether something of this probability happens now. */
  happens(chance: number): boolean {
    return chance >= 1 || this.draw().readUInt32BE(0) / 2 ** 32 < chance;
  }

  private draw(): Buffer {
    return createHash('sha256').update(`${this.seed}/${(this.drawn += 1)}`).digest();
  }
}
