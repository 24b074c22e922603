import { createECDH, createPrivateKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { CourierKeys } from '#domain/sync/bundle.ts';

/** The keys of the courier's files; the private ones never leave the server. */
export interface PrivateCourierKeys {
  readonly opening: KeyObject;
  readonly signing: KeyObject;
  readonly published: CourierKeys;
}

const curve = 'prime256v1';
const scalarBytes = 32;

/**
 * Keys on P-256, derived from the centre's own key (HKDF-SHA-256): every copy of the centre's data opens the files that
 * were made for it, and there is nothing more to keep or to lose.
 */
export function courierKeysOf(centreKey: Uint8Array): PrivateCourierKeys {
  const opening = keyPair(centreKey, 'zimnik courier: files');
  const signing = keyPair(centreKey, 'zimnik courier: receipts');
  return {
    opening: opening.private,
    signing: signing.private,
    published: { encryption: opening.published, signing: signing.published }
  };
}

function keyPair(centreKey: Uint8Array, purpose: string) {
  for (let attempt = 0; ; attempt++) {
    const scalar = Buffer.from(hkdfSync('sha256', centreKey, '', `${purpose} ${attempt}`, scalarBytes));
    const pair = createECDH(curve);
    try {
      pair.setPrivateKey(scalar);
    } catch {
      // Not below the order of the curve: once in four thousand million.
      continue;
    }
    // 04, x, y.
    const point = pair.getPublicKey();
    const published = {
      kty: 'EC' as const,
      crv: 'P-256' as const,
      x: point.subarray(1, 1 + scalarBytes).toString('base64url'),
      y: point.subarray(1 + scalarBytes).toString('base64url')
    };
    const jwk = { ...published, d: scalar.toString('base64url') };
    return { published, private: createPrivateKey({ key: jwk, format: 'jwk' }) };
  }
}
