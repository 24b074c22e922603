import { createHash, createHmac } from 'node:crypto';
import type { Hashing } from './hashing.ts';

export const nodeHashing: Hashing = {
  sha256: (content) => createHash('sha256').update(content).digest('hex'),
  hmac: (key, text) => createHmac('sha256', key).update(text).digest('hex')
};
