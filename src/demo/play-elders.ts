import type { StaffCaller } from './callers.js';
import type { DemoElder } from './domain/index.js';
import { inParallel, type Stage } from './stage.js';

const BATCH = 500;

/** A number without its area, so nobody's; it ends like the card, so that whoever tries the till can look an elder up. */
const telephoneOf = ({ cardNumber }: DemoElder): string => `8000${cardNumber.slice(-4)}`;

/** Registers the elders with a meal card each, in batches. */
export async function registerElders(stage: Stage, officer: StaffCaller, elders: readonly DemoElder[]): Promise<void> {
  const random = stage.random.branch('elders');
  const batches = Array.from({ length: Math.ceil(elders.length / BATCH) }, (_, index) => ({ id: random.id(), from: index * BATCH }));
  await inParallel(batches, 2, async ({ id, from }) => {
    const rows = elders.slice(from, from + BATCH).map((elder) => ({
      id: elder.id, name: elder.name, identityNumber: elder.identityNumber, hukouCode: elder.communityCode, residenceCode: elder.communityCode, cardNumber: elder.cardNumber,
      phone: telephoneOf(elder),
    }));
    const answer = await officer.post<{ refused: number; rows: { outcome: string; code?: string }[] }>('/v1/elders/batch', { id, rows });
    if (answer.refused > 0) throw new Error(`the register refused ${answer.refused} elders: ${answer.rows.find((row) => row.outcome === 'refused')?.code}`);
  }, (done) => stage.progress('老人', Math.min(done * BATCH, elders.length), elders.length));
}

/** The card that an elder of the story shows; it changes when one is lost and replaced. */
export class Wallets {
  private readonly replaced = new Map<number, string>();

  constructor(private readonly elders: readonly DemoElder[]) {}

  cardOf(elder: number): string {
    return this.replaced.get(elder) ?? (this.elders[elder] as DemoElder).cardNumber;
  }

  replace(elder: number, cardNumber: string): void {
    this.replaced.set(elder, cardNumber);
  }
}
