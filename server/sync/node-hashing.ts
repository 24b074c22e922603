import { createHmac, hash } from 'node:crypto';
import type { Hashing } from './hashing.ts';

export const nodeHashing: Hashing = {
  sha256: (content) => hash('sha256', content, 'hex'),
  hmac: (key, text) => createHmac('sha256', key).update(text).digest('hex')
};
