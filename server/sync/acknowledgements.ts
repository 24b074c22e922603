import { unreachable } from '#domain/result.ts';
import { holdReasons, refusalReasons, type Acknowledgement } from '#domain/sync/protocol.ts';
import type { LogRow } from '#server/storage/server-storage.ts';

type Judged = Pick<LogRow, 'outcome' | 'reason' | 'detail' | 'seq'>;

/** The acknowledgement of one number (or of a declared hole n … to). */
export function acknowledge(row: Judged, n: number, to: number, repeat: boolean): Acknowledgement {
  const common = { n, ...(to > n ? { to } : {}), seq: row.seq, ...(repeat ? { repeat: true as const } : {}) };
  switch (row.outcome) {
    case 'applied':
    case 'superseded':
    case 'lost':
      return { o: row.outcome, ...common };
    case 'held':
      return {
        o: 'held',
        reason: holdReasons.find((reason) => reason === row.reason) ?? 'internal',
        ...common
      };
    case 'refused': {
      const reason = refusalReasons.find((known) => known === row.reason) ?? 'invalid';
      return { o: 'refused', reason, ...(row.detail === null ? {} : { detail: row.detail }), ...common };
    }
    default:
      return unreachable(row.outcome);
  }
}

/** Joins neighbours with the same outcome and consecutive seqs into runs. */
export function toRuns(acks: readonly Acknowledgement[]): readonly Acknowledgement[] {
  const runs: Acknowledgement[] = [];
  let last: Acknowledgement | undefined;
  for (const ack of acks) {
    if (last !== undefined && continues(last, ack)) last.to = ack.to ?? ack.n;
    else {
      last = { ...ack };
      runs.push(last);
    }
  }
  return runs;
}

function continues(run: Acknowledgement, next: Acknowledgement): boolean {
  if (run.o !== next.o || run.repeat !== next.repeat || next.to !== undefined) return false;
  if (run.o === 'lost' || run.o === 'refused') return false;
  if (run.o === 'held' && next.o === 'held' && run.reason !== next.reason) return false;
  const length = (run.to ?? run.n) - run.n + 1;
  return next.n === run.n + length && next.seq === run.seq + length;
}
