import { LOUDEST, settings, type Face } from './face.js';
import againFile from './sounds/again.wav?url';
import againSaysFile from './sounds/again-says.wav?url';
import okFile from './sounds/ok.wav?url';
import okSaysFile from './sounds/ok-says.wav?url';
import waitFile from './sounds/wait.wav?url';
import waitSaysFile from './sounds/wait-says.wav?url';

/** All is well; a person is needed; all is well, and somebody may look twice: the soft one. */
export type SoundName = 'ok' | 'wait' | 'again';

const FILES: Readonly<Record<SoundName, { readonly tone: string; readonly says: string }>> = {
  ok: { tone: okFile, says: okSaysFile }, wait: { tone: waitFile, says: waitSaysFile }, again: { tone: againFile, says: againSaysFile },
};

/** Between the tone and the sentence. */
const PAUSE_S = 0.06;

interface Loaded {
  readonly tone: AudioBuffer;
  readonly says: AudioBuffer;
}

/** Sounds that can be told apart without words, each with a short sentence, from files loaded before they are needed. */
export class Sounds {
  private context: AudioContext | null = null;
  private readonly loaded = new Map<SoundName, Loaded>();
  private playing: AudioBufferSourceNode[] = [];

  constructor(private readonly face: () => Pick<Face, 'volume' | 'speech'> = settings.now) {}

  /** Loads them all. @returns whether they are there */
  async load(): Promise<boolean> {
    try {
      const context = new AudioContext({ latencyHint: 'interactive' });
      this.context = context;
      const bufferOf = async (file: string): Promise<AudioBuffer> => context.decodeAudioData(await (await fetch(file)).arrayBuffer());
      await Promise.all((Object.keys(FILES) as SoundName[]).map(async (name) => {
        const [tone, says] = await Promise.all([bufferOf(FILES[name].tone), bufferOf(FILES[name].says)]);
        this.loaded.set(name, { tone, says });
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

  /** Plays at once, and ends what still sounds: the next elder is served already. Without loudspeakers the screen says the same. */
  play(name: SoundName): void {
    const { context } = this;
    const sound = this.loaded.get(name);
    if (context === null || sound === undefined) return;
    for (const source of this.playing.splice(0)) source.stop();
    const { volume, speech } = this.face();
    const gain = context.createGain();
    // Ears count in ratios: each step is about half as loud as the next.
    gain.gain.value = 0.5 ** (LOUDEST - volume);
    gain.connect(context.destination);
    const start = (buffer: AudioBuffer, inSeconds: number): void => {
      const source = context.createBufferSource();
      source.buffer = buffer;
      source.connect(gain);
      source.start(inSeconds === 0 ? 0 : context.currentTime + inSeconds);
      this.playing.push(source);
    };
    start(sound.tone, 0);
    if (speech) start(sound.says, sound.tone.duration + PAUSE_S);
  }
}
