import okFile from './sounds/ok.wav?url';
import waitFile from './sounds/wait.wav?url';

export type SoundName = 'ok' | 'wait';

const FILES: Readonly<Record<SoundName, string>> = { ok: okFile, wait: waitFile };

/** Two sounds that can be told apart without words, from files loaded before they are needed. */
export class Sounds {
  private context: AudioContext | null = null;
  private readonly buffers = new Map<SoundName, AudioBuffer>();

  /** Loads both. @returns whether they are there */
  async load(): Promise<boolean> {
    try {
      const context = new AudioContext({ latencyHint: 'interactive' });
      this.context = context;
      await Promise.all((Object.keys(FILES) as SoundName[]).map(async (name) => {
        const bytes = await (await fetch(FILES[name])).arrayBuffer();
        this.buffers.set(name, await context.decodeAudioData(bytes));
      }));
      return true;
    } catch {
      return false;
    }
  }

  /** Browsers let a page sound only after somebody touched it: called on each touch and key. */
  wake(): void {
    if (this.context?.state === 'suspended') void this.context.resume();
  }

  /** Plays at once. Without loudspeakers the screen says the same. */
  play(name: SoundName): void {
    const buffer = this.buffers.get(name);
    if (this.context === null || buffer === undefined) return;
    const source = this.context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.context.destination);
    source.start();
  }
}
