import type { DeviceRow, ReadSnapshot } from '#server/storage/server-storage.ts';
import { sameDigest, type Hashing } from './hashing.ts';

export type Principal =
  | { readonly kind: 'device'; readonly device: DeviceRow }
  /** Unknown, but it brings the link of a campaign: it may register itself with its first push. */
  | { readonly kind: 'link'; readonly secretHash: string; readonly campaign: string }
  | { readonly kind: 'unknown' };

interface AuthenticateDeps {
  readonly centre: string;
  readonly hashing: Hashing;
}

/** Who is behind a device id and a secret. Secrets and links are compared by their hashes in constant time. */
export async function authenticate(
  snapshot: ReadSnapshot,
  deps: AuthenticateDeps,
  deviceId: string,
  given: { readonly secret: string | undefined; readonly link?: string }
): Promise<Principal> {
  const { centre, hashing } = deps;
  if (given.secret === undefined || given.secret.length < 16) return { kind: 'unknown' };
  const secretHash = hashing.sha256(given.secret);
  const device = await snapshot.device(centre, deviceId);
  if (device !== undefined)
    return sameDigest(device.secretHash, secretHash) ? { kind: 'device', device } : { kind: 'unknown' };
  if (given.link === undefined || given.link === '') return { kind: 'unknown' };
  const wanted = hashing.sha256(given.link);
  let campaign: string | undefined;
  for (const record of await snapshot.recordsOfType(centre, 'campaign')) {
    const link = record.fields['link']?.v;
    if (typeof link === 'string' && sameDigest(hashing.sha256(link), wanted)) campaign = record.k;
  }
  if (campaign === undefined || (await snapshot.deviceBySecret(centre, secretHash)) !== undefined)
    return { kind: 'unknown' };
  return { kind: 'link', secretHash, campaign };
}

/** The device of a person who answers by a campaign's link. */
export function newLinkDevice(
  id: string,
  { secretHash, campaign }: { readonly secretHash: string; readonly campaign: string },
  createdAt: number
): DeviceRow {
  return newDevice({ id, secretHash, role: 'respondent', user: 'link', name: '', campaign, createdAt });
}

/** A device that has not exchanged anything yet. */
export function newDevice(
  given: Pick<DeviceRow, 'id' | 'secretHash' | 'role' | 'user' | 'name' | 'createdAt'> &
    Partial<Pick<DeviceRow, 'holderPhone' | 'campaign'>>
): DeviceRow {
  return {
    holderPhone: null,
    campaign: null,
    revokedAt: null,
    formerRole: null,
    roleChangedAt: null,
    lastN: 0,
    offsetMs: null,
    goodExchangeAt: 0,
    previousCorrected: 0,
    parent: null,
    parentFrom: null,
    lastExchangeAt: null,
    headSeq: 0,
    pending: 0,
    oldestPending: null,
    lost: 0,
    build: null,
    health: null,
    ...given
  };
}
