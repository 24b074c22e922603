import type { SyncRequest, SyncResponse } from '#domain/sync/protocol.ts';

/**
 * What will be asked for when this answer is stored: the pages after its own. On a slow link the next page then comes while
 * the last one is stored. Undefined = only the stored state can tell what comes next.
 * @param elapsedMs since `request` was made
 */
export function requestAfter(
  request: SyncRequest,
  answer: SyncResponse,
  elapsedMs: number
): SyncRequest | undefined {
  // What still waits goes with the very next request.
  if (request.pending > request.ops.length) return undefined;
  if (answer.kind !== 'ok' || answer.newer !== undefined) return undefined;
  if (answer.signIn !== undefined || answer.revoked.length > 0 || answer.erased !== undefined)
    return undefined;
  const { cursors } = request;
  const continued = answer.streams.every(
    ({ stream, from, reset }) =>
      reset !== true && from === (Object.hasOwn(cursors, stream) ? cursors[stream] : 0)
  );
  if (!continued || !answer.streams.some(({ more }) => more)) return undefined;
  return {
    ...request,
    epoch: answer.epoch,
    now: request.now + Math.round(elapsedMs),
    ops: [],
    pending: 0,
    oldestPending: null,
    head: answer.head,
    cursors: Object.fromEntries(answer.streams.map(({ stream, to }) => [stream, to]))
  };
}

/**
 * Whether `asked` said of the stored state what `request` says. Then its answer is one to `request` that was long on its way;
 * what has come to wait since then goes with the next one.
 */
export function isAnswerFor(asked: SyncRequest, request: SyncRequest): boolean {
  const told = ({ device, epoch, build, head, cursors }: SyncRequest): string =>
    JSON.stringify([device, epoch, build, head, Object.entries(cursors)]);
  return told(asked) === told(request);
}
