/** A point on the map, in degrees (GCJ-02 or WGS-84 alike: the difference does not matter for a hint). */
export interface Point {
  readonly longitude: number;
  readonly latitude: number;
}

const EARTH_RADIUS_M = 6_371_000;

/** A till farther than this from its canteen is worth a look. Positions in buildings are off by a few hundred metres. */
export const FAR_METRES = 1_000;

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

/** Metres between two points over the ground, rounded. */
export function metresBetween(a: Point, b: Point): number {
  const [north, east] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const chord = Math.sin(north / 2) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east / 2) ** 2;
  return Math.round(2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(chord))));
}
