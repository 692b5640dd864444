/**
 * Makes the till's sounds: a tone for each outcome, and a short sentence in Mandarin that follows it. Run once, by hand,
 * when a tone or a sentence changes; the files it writes are kept beside the sources, and nothing of this runs at a till.
 *
 *   apt-get install espeak-ng
 *   node scripts/make-sounds.mjs
 *
 * Every file is mono, 16 kHz, 16 bit.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const RATE = 16_000;
const FOLDER = join(import.meta.dirname, '../web/till/sounds');

/** Frequencies in Hz, seconds, loudness from 0 to 1. `again` is `wait` made soft: higher, rounder, at half the loudness. */
const TONES = {
  ok: [{ hz: 880, s: 0.09, loud: 0.7 }, { hz: 1320, s: 0.15, loud: 0.7 }],
  wait: [{ hz: 415, s: 0.16, loud: 0.8 }, { hz: 0, s: 0.08, loud: 0 }, { hz: 415, s: 0.16, loud: 0.8 }],
  again: [{ hz: 523, s: 0.14, loud: 0.3 }, { hz: 0, s: 0.06, loud: 0 }, { hz: 523, s: 0.14, loud: 0.3 }],
};

/**
 * 谢谢，请用餐 · 请稍等 · 请用餐, in pinyin with tones: Debian's espeak-ng has no dictionary of characters and would spell
 * them out in English. The softer one says no more than the first: it is a meal like any other.
 */
const SENTENCES = { ok: 'xie4 xie5, qing3 yong4 can1', wait: 'qing3 shao1 deng3', again: 'qing3 yong4 can1' };
const VOICE = ['-v', 'cmn-latn-pinyin', '-s', '180', '-p', '58', '-a', '140'];

/** Samples from -1 to 1. */
function tone(parts) {
  return parts.flatMap(({ hz, s, loud }) => Array.from({ length: Math.round(s * RATE) }, (_, index) => {
    const at = index / RATE;
    const edge = Math.min(1, at / 0.008, (s - at) / 0.04);
    return loud * edge * (Math.sin(2 * Math.PI * hz * at) + 0.25 * Math.sin(4 * Math.PI * hz * at)) * 0.8;
  }));
}

/** The first and last sample that can be heard stay, silence round them goes. */
function trimmed(samples) {
  const heard = (sample) => Math.abs(sample) > 0.012;
  return samples.slice(Math.max(0, samples.findIndex(heard) - 80), samples.findLastIndex(heard) + 800);
}

/** A windowed sinc: what is above the new half rate goes, so that nothing whistles. */
function resampled(samples, from) {
  const step = from / RATE;
  const reach = 16;
  return Array.from({ length: Math.floor(samples.length / step) }, (_, index) => {
    const centre = index * step;
    let sum = 0;
    for (let near = Math.ceil(centre - reach * step); near <= centre + reach * step; near += 1) {
      const distance = (near - centre) / step;
      const sinc = distance === 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
      sum += (samples[near] ?? 0) * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach)) / step;
    }
    return sum;
  });
}

function spoken(sentence) {
  const wav = execFileSync('espeak-ng', [...VOICE, '--stdout', sentence], { maxBuffer: 1e8 });
  const from = wav.readUInt32LE(24);
  const data = wav.subarray(wav.indexOf('data') + 8);
  const samples = Array.from({ length: Math.floor(data.length / 2) }, (_, index) => data.readInt16LE(index * 2) / 32_768);
  const heard = resampled(trimmed(samples), from);
  const loudest = heard.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return heard.map((sample) => (sample / loudest) * 0.9);
}

function wav(samples) {
  const file = Buffer.alloc(44 + samples.length * 2);
  file.write('RIFF', 0);
  file.writeUInt32LE(36 + samples.length * 2, 4);
  file.write('WAVEfmt ', 8);
  file.writeUInt32LE(16, 16);
  for (const [value, at] of [[1, 20], [1, 22], [2, 32], [16, 34]]) file.writeUInt16LE(value, at);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28);
  file.write('data', 36);
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, index) => file.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + index * 2));
  return file;
}

for (const [name, parts] of Object.entries(TONES)) writeFileSync(join(FOLDER, `${name}.wav`), wav(tone(parts)));
for (const [name, sentence] of Object.entries(SENTENCES)) {
  const loudness = name === 'again' ? 0.6 : 1;
  writeFileSync(join(FOLDER, `${name}-says.wav`), wav(spoken(sentence).map((sample) => sample * loudness)));
}
