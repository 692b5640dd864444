import type { StaffCaller } from './callers.js';
import type { DemoElder } from './domain/index.js';
import { portrait } from './portrait.js';
import { inParallel, type Stage } from './stage.js';

/** So many of the first cards have a face: enough to try the till with. */
const FACES = 12;

/** Takes in consents and drawn portraits of a few elders, by the officer of their street. */
export async function recordPhotos(stage: Stage, elders: readonly DemoElder[], officerOf: (elder: DemoElder) => StaffCaller | undefined): Promise<void> {
  const random = stage.random.branch('photos');
  const ids = Array.from({ length: FACES }, () => [random.id(), random.id()] as const);
  await inParallel(elders.slice(0, FACES), 2, async (elder, index) => {
    const officer = officerOf(elder);
    const [consent, photo] = ids[index] as readonly [string, string];
    if (officer === undefined) return;
    await officer.post(`/v1/elders/${elder.id}/consents`, {
      id: consent, grantee: 'canteen', scopes: ['photo'], until: '2044-12-31', givenOn: '2024-11-01', givenHow: 'paper', notice: '照片使用告知书（示例）',
    });
    await officer.put(`/v1/elders/${elder.id}/photo`, { id: photo, image: portrait(index).toString('base64') });
  });
}
