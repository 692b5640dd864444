import { useSyncExternalStore } from 'react';

/** How a till looks and sounds at its place. Nothing of it belongs to a person or to a sale. */
export interface Face {
  /** From 1, low, to 4, as loud as the device is. */
  readonly volume: number;
  /** Whether a short sentence follows each tone. */
  readonly speech: boolean;
  /** On which side the money and the keys stand. */
  readonly hand: 'right' | 'left';
  /** Millimetres of the receipt printer's paper; null prints nothing. */
  readonly paper: 58 | 80 | null;
  /** Whether each sale prints by itself; else somebody asks for it. */
  readonly automatic: boolean;
}

export const LOUDEST = 4;

const NAME = 'xingfu-till-face';
const PLAIN: Face = { volume: 3, speech: true, hand: 'right', paper: null, automatic: false };

const wholeVolume = (value: unknown): number => (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LOUDEST ? value : PLAIN.volume);

/** Reads what was kept; whatever is missing or not understood is as at a new till. */
export function readFace(text: string | null): Face {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<Record<keyof Face, unknown>>;
    return {
      volume: wholeVolume(kept.volume), speech: kept.speech !== false, hand: kept.hand === 'left' ? 'left' : 'right',
      paper: kept.paper === 58 || kept.paper === 80 ? kept.paper : null, automatic: kept.automatic === true,
    };
  } catch {
    return PLAIN;
  }
}

/** The settings of this device, the same in each of its windows. */
class Settings {
  private known: Face | null = null;
  private readonly lookers = new Set<() => void>();

  readonly now = (): Face => (this.known ??= readFace(localStorage.getItem(NAME)));

  readonly watch = (look: () => void): (() => void) => {
    const elsewhere = ({ key }: StorageEvent): void => {
      if (key === NAME) this.know(null);
    };
    this.lookers.add(look);
    window.addEventListener('storage', elsewhere);
    return () => {
      this.lookers.delete(look);
      window.removeEventListener('storage', elsewhere);
    };
  };

  change(change: Partial<Face>): void {
    const next = { ...this.now(), ...change };
    try {
      localStorage.setItem(NAME, JSON.stringify(next));
    } catch {
      // A browser that keeps nothing has them until the page is closed.
    }
    this.know(next);
  }

  private know(face: Face | null): void {
    this.known = face;
    for (const look of this.lookers) look();
  }
}

export const settings = new Settings();

/** The settings as a part of the page shows them. */
export function useFace(): Face {
  return useSyncExternalStore(settings.watch, settings.now);
}
