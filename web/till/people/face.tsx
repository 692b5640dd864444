import { useEffect, useRef, type ReactElement } from 'react';

/** Gets a photo's bytes; null where there is none, or nobody answers. */
export type Photographs = (path: string) => Promise<Blob | null>;

const SIZE = 160;

/** A photo, drawn so that its address is nowhere kept; a plain disc, the same for everybody, where there is none. */
export function Face({ photo, get }: { readonly photo: string | null; readonly get: Photographs | null }): ReactElement {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (photo === null || get === null) return;
    let gone = false;
    const draw = async (): Promise<void> => {
      const blob = await get(photo);
      if (blob === null || gone) return;
      const picture = await createImageBitmap(blob);
      const side = Math.min(picture.width, picture.height);
      canvas.current?.getContext('2d')?.drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, SIZE, SIZE);
      picture.close();
    };
    void draw().catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [photo, get]);
  return (
    <span className="face" aria-hidden="true">
      <svg viewBox="0 0 160 160"><circle cx="80" cy="80" r="78" className="disc" /><circle cx="80" cy="62" r="26" className="stroke" /><path d="M34 128c6-30 86-30 92 0" className="stroke" /></svg>
      {photo === null ? null : <canvas key={photo} ref={canvas} width={SIZE} height={SIZE} />}
    </span>
  );
}
