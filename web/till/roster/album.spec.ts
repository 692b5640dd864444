import { Album, MOST_PHOTOS, planAlbum, type AlbumTools, type Mark } from './album.js';

const mark = (handle: string, photo = 'p'): Mark => ({ handle, photo });
const kept = (handle: string, place: number, photo = 'p') => ({ handle, photo, place });

describe('the plan', () => {
  it('keeps what is listed with the same mark, lets the others go, and gives each newcomer a place that was never used', () => {
    const plan = planAlbum([kept('a', 0), kept('b', 1), kept('c', 5)], [mark('a'), mark('c', 'newer'), mark('d')], 6);
    expect(plan).toEqual({ stays: [kept('a', 0)], goes: [kept('b', 1), kept('c', 5)], comes: [kept('c', 6, 'newer'), kept('d', 7)] });
  });

  it('keeps no more than the album holds, and lets go of what is beyond', () => {
    const many = Array.from({ length: MOST_PHOTOS + 5 }, (_, index) => mark(`h${index}`));
    expect(planAlbum([], many, 0).comes).toHaveLength(MOST_PHOTOS);
    expect(planAlbum([kept(`h${MOST_PHOTOS}`, 3)], many, 4).goes).toHaveLength(1);
  });
});

/** An album over a shelf in memory. */
function album(listed: () => readonly Mark[], more: Partial<AlbumTools> = {}) {
  const disk = new Map<number | 'album', unknown>();
  const fetched: string[] = [];
  const tools: AlbumTools = {
    shelf: {
      recall: <T>() => Promise.resolve((disk.get('album') as T | undefined) ?? null),
      sealPicture: async (picture) => ({ iv: new Uint8Array(12), data: await picture.arrayBuffer() }),
      picture: (place) => Promise.resolve(disk.has(place) ? new Blob([disk.get(place) as ArrayBuffer]) : null),
      hang: (list, came, gone, still) => {
        if (!still()) return Promise.resolve();
        disk.set('album', list);
        for (const place of gone) disk.delete(place);
        for (const { place, picture } of came) disk.set(place, picture.data);
        return Promise.resolve();
      },
    },
    link: {
      read: <T>() => Promise.resolve({ items: listed() } as T),
      picture: (path) => {
        fetched.push(path);
        return Promise.resolve(new Blob([path]));
      },
    },
    isBusy: () => false, rest: () => Promise.resolve(), ...more,
  };
  return { album: new Album(tools), tools, disk, fetched };
}

const textOf = async (of: Album, handle: string): Promise<string | null> => (await (await of.open(of.nameOf(handle) ?? ''))?.text()) ?? null;

describe('an album', () => {
  it('fetches what is missing, once, has it again after a start, and says nothing of anybody in a photo’s name', async () => {
    const one = album(() => [mark('abc'), mark('def')]);
    await one.album.refresh();
    await one.album.refresh();
    expect(one.fetched).toEqual(['/v1/till/photos/abc', '/v1/till/photos/def']);
    const again = new Album(one.tools);
    await again.load();
    expect(await textOf(again, 'def')).toBe('/v1/till/photos/def');
    expect(again.nameOf('def')).toBe('kept 1');
    expect([again.nameOf('xyz'), await again.open('kept 7'), await again.open('card')]).toEqual([null, null, null]);
  });

  it('lets a photo go that is listed no more', async () => {
    let listed = [mark('abc'), mark('def')];
    const one = album(() => listed);
    await one.album.refresh();
    listed = [mark('def')];
    await one.album.refresh();
    expect([one.album.nameOf('abc'), await textOf(one.album, 'def')]).toEqual([null, '/v1/till/photos/def']);
    expect([...one.disk.keys()].sort()).toEqual([1, 'album']);
  });

  it('writes nothing of what is under way once it is to forget, and begins anew', async () => {
    let turns = 0;
    const one = album(() => [mark('abc'), mark('def')], { rest: () => Promise.resolve(void ((turns += 1) === 2 && one.album.forget())) });
    await one.album.refresh();
    expect([one.disk.size, one.album.nameOf('abc')]).toEqual([0, null]);
    await one.album.refresh();
    expect(one.album.nameOf('abc')).not.toBeNull();
  });

  it('waits while somebody is served, and ends a round that nobody answers', async () => {
    let busy = 3;
    const waiting = album(() => [mark('abc')], { isBusy: () => (busy -= 1) > 0 });
    await waiting.album.refresh();
    expect([busy, waiting.fetched]).toEqual([0, ['/v1/till/photos/abc']]);
    const asked: string[] = [];
    const many = Array.from({ length: 30 }, (_, index) => mark(`h${index}`));
    const picture = (path: string): Promise<null> => {
      asked.push(path);
      return Promise.resolve(null);
    };
    const silent = album(() => many, { link: { read: <T>() => Promise.resolve({ items: many } as T), picture } });
    await silent.album.refresh();
    expect(asked).toHaveLength(3);
  });
});
