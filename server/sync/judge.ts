import { applyEnvelope } from '#domain/sync/apply.ts';
import { correctedTime } from '#domain/sync/corrected-time.ts';
import { isVoid } from '#domain/sync/erasure.ts';
import { maxOperationLength, type Change, type Operation } from '#domain/sync/operation.ts';
import type { HoldReason, RefusalReason } from '#domain/sync/protocol.ts';
import type { LogRow } from '#server/storage/server-storage.ts';
import type { Bench, Progress } from './bench.ts';
import { effectiveBase } from './epochs.ts';
import { emptyRefused, mentions, noteErased, takeOutErased } from './erased-arrivals.ts';
import type { Incoming } from './incoming.ts';
import { chainHash, makeSalts } from './log-chain.ts';
import { findAliasCycle, findForbidden, findInvalid, type Refusal } from './refusal.ts';
import { releasedBy } from './releases.ts';

export interface Judged {
  readonly progress: Progress;
  /** The operation's own row first, then the releases that it caused. */
  readonly rows: readonly LogRow[];
}

type Verdict =
  | { readonly outcome: 'applied' }
  | { readonly outcome: 'held'; readonly reason: HoldReason }
  | ({ readonly outcome: 'refused' } & Refusal);

/** Earliest instant that a clock of JavaScript knows: corrected times stay within it. */
const earliest = -8.64e15;

/** Judges one new operation or declared hole: exactly one seq, whatever the outcome. */
export function judgeIncoming(incoming: Incoming, progress: Progress, bench: Bench): Judged {
  const { parsed } = incoming;
  if (parsed.kind === 'lost') {
    const to = Math.max(parsed.lost.to, incoming.n);
    const passed = { ...progress, lastN: to, lost: progress.lost + to - incoming.n + 1 };
    return append(incoming, passed, bench, [], { outcome: 'lost', to });
  }
  if (parsed.kind !== 'operation') {
    const detail = parsed.kind === 'malformed' ? parsed.detail.slice(0, 300) : 'newer';
    const next = { ...progress, lastN: incoming.n };
    const names = bench.erased.size > 0 && mentions(incoming.raw, bench.erased);
    return append(names ? emptied(incoming) : incoming, next, bench, [], {
      outcome: 'refused',
      reason: 'invalid',
      detail
    });
  }
  const { operation } = parsed;
  const clock = correctedTime(operation, bench.exchange, {
    offsetMs: bench.device.offsetMs ?? undefined,
    goodExchangeAt: bench.device.goodExchangeAt,
    previousCorrected: progress.previousCorrected
  });
  const corrected = Math.max(clock.corrected, earliest);
  const { seq, hash, lastNow, lost } = progress;
  const next = { seq, hash, lastNow, lastN: incoming.n, lost, previousCorrected: corrected };
  const tooLarge = incoming.length > maxOperationLength;
  const based = operation.ch.map((change) => withBase(change, operation, progress, bench));
  const changes = takeOutErased(based, bench);
  // What came holds what is erased: only what is left of it is kept.
  const kept = changes === based ? incoming : emptied(incoming);
  const times = { corrected, suspect: clock.suspect };
  try {
    const verdict = tooLarge
      ? ({ outcome: 'refused', reason: 'too_large', detail: `${incoming.length} characters` } as const)
      : verdictOf(operation, changes, corrected, bench);
    const noted = changes.map((change) =>
      verdict.outcome === 'refused' ? emptyRefused(change) : noteErased(change, bench)
    );
    return append(kept, next, bench, tooLarge ? [] : noted, verdict, times);
  } catch (error) {
    bench.deps.report?.(error);
    bench.records.takeBack();
    const held = { outcome: 'held', reason: 'internal' } as const;
    return append(kept, next, bench, tooLarge ? [] : changes, held, times);
  }
}

function withBase(change: Change, operation: Operation, progress: Progress, bench: Bench): Change {
  const base = effectiveBase(change.base, operation.ep, bench.epochs, progress.seq);
  if (base === change.base) return change;
  const { e, k, set } = change;
  return { e, k, set, base };
}

function verdictOf(
  operation: Operation,
  changes: readonly Change[],
  corrected: number,
  bench: Bench
): Verdict {
  const { author, device, records } = bench;
  if (changes.every(isVoid)) return { outcome: 'refused', reason: 'erased', detail: '' };
  const invalid = findInvalid(changes);
  if (invalid !== undefined) return { outcome: 'refused', ...invalid };
  const forbidden = findForbidden(author, operation, changes, records);
  if (forbidden !== undefined) {
    const { formerRole, roleChangedAt } = device;
    // By its time, or because its device has not been told of the change yet: its author could not know.
    const before =
      formerRole !== null &&
      roleChangedAt !== null &&
      (corrected < roleChangedAt || (device.lastExchangeAt ?? 0) < roleChangedAt);
    const former = before ? { ...author, actor: { ...author.actor, role: formerRole } } : undefined;
    if (former !== undefined && findForbidden(former, operation, changes, records) === undefined)
      return { outcome: 'held', reason: 'rights_revoked' };
    return { outcome: 'refused', ...forbidden };
  }
  const cycle = findAliasCycle(changes, records);
  if (cycle !== undefined) return { outcome: 'refused', ...cycle };
  if (device.revokedAt !== null) return { outcome: 'held', reason: 'device_revoked' };
  return bench.holdAll ? { outcome: 'held', reason: 'internal' } : { outcome: 'applied' };
}

interface Outcome {
  readonly outcome: 'applied' | 'held' | 'refused' | 'lost';
  readonly reason?: HoldReason | RefusalReason;
  readonly detail?: string;
  readonly to?: number;
}

interface Times {
  readonly corrected: number;
  readonly suspect: boolean;
}

/** What the log keeps of an operation as it came: nothing of one in which something was erased. */
type Kept = Omit<Incoming, 'raw'> & Pick<LogRow, 'raw'>;

function emptied(incoming: Incoming): Kept {
  return { ...incoming, raw: null };
}

/** Applies the verdict to the records and makes the log rows. */
function append(
  incoming: Kept,
  progress: Progress,
  bench: Bench,
  changes: readonly Change[],
  outcome: Outcome,
  times: Times = { corrected: bench.exchange.serverNow, suspect: false }
): Judged {
  const { parsed } = incoming;
  const replaces = parsed.kind === 'operation' ? (parsed.operation.replaces ?? null) : null;
  const own = addRow(
    progress,
    bench,
    {
      kind: 'operation',
      device: bench.device.id,
      n: incoming.n,
      to: outcome.to ?? incoming.n,
      by: parsed.kind === 'operation' ? parsed.operation.by : bench.author.actor.user,
      corrected: times.corrected,
      suspect: times.suspect,
      outcome: outcome.outcome,
      reason: outcome.reason ?? null,
      // A cut or hostile text may end in half a character, which no database gives back as it was.
      detail: outcome.detail?.replace(/\p{Surrogate}/gu, '\ufffd') ?? null,
      changes,
      replaces,
      fingerprint: incoming.fingerprint,
      raw: incoming.raw
    },
    textsOf(incoming, changes)
  );
  const rows = [own.row];
  let last = own.progress;
  if (own.row.outcome === 'applied' || own.row.outcome === 'superseded') {
    for (const held of releasedBy(own.row, bench)) {
      const cycle = findAliasCycle(held.changes, bench.records);
      const released = addRow(last, bench, {
        ...held,
        kind: 'release',
        // It may have been emptied while it was held.
        changes: held.changes.map((change) => noteErased(change, bench)),
        outcome: cycle === undefined ? 'applied' : 'refused',
        reason: cycle?.reason ?? null,
        detail: cycle?.detail ?? null,
        replaces: null,
        raw: null
      });
      rows.push(released.row);
      last = released.progress;
    }
  }
  bench.records.keep();
  return { progress: last, rows };
}

/** The canonical JSON of those changes that are kept as they came. */
function textsOf({ parsed, texts }: Kept, changes: readonly Change[]): readonly (string | undefined)[] {
  const given = parsed.kind === 'operation' ? parsed.operation.ch : [];
  return changes.map((change, index) => (change === given[index] ? texts[index] : undefined));
}

type Draft = Omit<LogRow, 'seq' | 'hash' | 'salts' | 'receivedAt'>;

function addRow(
  progress: Progress,
  { deps, exchange, records, lineage }: Bench,
  draft: Draft,
  texts: readonly (string | undefined)[] = []
): { readonly row: LogRow; readonly progress: Progress } {
  const seq = progress.seq + 1;
  const { kind, device, n, to, by, corrected, suspect, outcome, reason, detail, changes, replaces } = draft;
  // Named one by one, here and above: copies of whole objects took a fifth of a push.
  const row = {
    seq,
    kind,
    device,
    n,
    to,
    by,
    corrected,
    suspect,
    outcome,
    reason,
    detail,
    changes,
    salts: makeSalts(changes.length, deps.random),
    replaces,
    fingerprint: draft.fingerprint,
    raw: draft.raw,
    receivedAt: exchange.serverNow,
    hash: ''
  };
  if (applyEnvelope(row, records, lineage).superseded) row.outcome = 'superseded';
  row.hash = chainHash(progress.hash, row, deps.hashing, texts);
  const lastNow = Math.max(progress.lastNow, exchange.serverNow);
  const { lastN, lost, previousCorrected } = progress;
  return { row, progress: { seq, hash: row.hash, lastNow, lastN, lost, previousCorrected } };
}
