/** What the verifier says; it is a file of its own and shares nothing with the service. */
export interface PacketVerdict {
  readonly ok: boolean;
  readonly problems: readonly { readonly kind: string; readonly text: string; readonly id?: string; readonly date?: string }[];
  readonly notes: readonly string[];
  readonly trust: 'checkpoint' | 'key' | 'none';
  readonly figures: { readonly leaves?: number; readonly days?: number; readonly checkpointSize?: number };
}

const FILE = '../../verifier/verify.mjs';

/** Loads the verifier as a reader would have it. */
export async function loadVerifier(): Promise<(text: string, trusted?: { key?: string; checkpoint?: string }) => PacketVerdict> {
  const { verifyPacket } = (await import(FILE)) as { verifyPacket: (text: string, trusted?: { key?: string; checkpoint?: string }) => PacketVerdict };
  return verifyPacket;
}
