import { applyEnvelope } from '#domain/sync/apply.ts';
import { correctedTime } from '#domain/sync/corrected-time.ts';
import { isVoid } from '#domain/sync/erasure.ts';
import { maxOperationLength, type Change, type Operation } from '#domain/sync/operation.ts';
import type { HoldReason, RefusalReason } from '#domain/sync/protocol.ts';
import type { CentreRow, LogRow } from '#server/storage/server-storage.ts';
import type { Bench, Position } from './bench.ts';
import { effectiveBase } from './epochs.ts';
import { emptyRefused, mentions, noteErased, takeOutErased } from './erased-arrivals.ts';
import type { Incoming } from './incoming.ts';
import { chainHash, makeSalts, toEnvelope } from './log-chain.ts';
import { findAliasCycle, findForbidden, findInvalid, type Refusal } from './refusal.ts';
import { releasedBy } from './releases.ts';

export interface Judged {
  readonly position: Position;
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
export function judgeIncoming(incoming: Incoming, position: Position, bench: Bench): Judged {
  const { parsed } = incoming;
  if (parsed.kind === 'lost') {
    const to = Math.max(parsed.lost.to, incoming.n);
    const device = { ...position.device, lastN: to, lost: position.device.lost + to - incoming.n + 1 };
    return append(incoming, { ...position, device }, bench, [], { outcome: 'lost', to });
  }
  if (parsed.kind !== 'operation') {
    const detail = parsed.kind === 'malformed' ? parsed.detail.slice(0, 300) : 'newer';
    const device = { ...position.device, lastN: incoming.n };
    const names = bench.erased.size > 0 && mentions(incoming.raw, bench.erased);
    return append(names ? { ...incoming, raw: null } : incoming, { ...position, device }, bench, [], {
      outcome: 'refused',
      reason: 'invalid',
      detail
    });
  }
  const { operation } = parsed;
  const clock = correctedTime(operation, bench.exchange, {
    offsetMs: position.device.offsetMs ?? undefined,
    goodExchangeAt: position.device.goodExchangeAt,
    previousCorrected: position.device.previousCorrected
  });
  const corrected = Math.max(clock.corrected, earliest);
  const device = { ...position.device, lastN: incoming.n, previousCorrected: corrected };
  const tooLarge = incoming.length > maxOperationLength;
  const based = operation.ch.map((change) => withBase(change, operation, position, bench));
  const changes = takeOutErased(based, bench);
  // What came holds what is erased: only what is left of it is kept.
  const kept = changes === based ? incoming : { ...incoming, raw: null };
  const times = { corrected, suspect: clock.suspect };
  const next = { ...position, device };
  try {
    const verdict = tooLarge
      ? ({ outcome: 'refused', reason: 'too_large', detail: `${incoming.length} characters` } as const)
      : verdictOf(operation, changes, corrected, position, bench);
    const noted = changes.map((change) =>
      verdict.outcome === 'refused' ? emptyRefused(change) : noteErased(change, bench)
    );
    return append(kept, next, bench, tooLarge ? [] : noted, { ...verdict, ...times });
  } catch (error) {
    bench.deps.report?.(error);
    bench.records.takeBack();
    return append(kept, next, bench, tooLarge ? [] : changes, {
      outcome: 'held',
      reason: 'internal',
      ...times
    });
  }
}

function withBase(change: Change, operation: Operation, position: Position, bench: Bench): Change {
  return { ...change, base: effectiveBase(change.base, operation.ep, bench.epochs, position.centre.seq) };
}

function verdictOf(
  operation: Operation,
  changes: readonly Change[],
  corrected: number,
  position: Position,
  bench: Bench
): Verdict {
  const { author, records } = bench;
  const { device } = position;
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
  readonly corrected?: number;
  readonly suspect?: boolean;
}

/** Applies the verdict to the records and makes the log rows. */
function append(
  incoming: Incoming,
  position: Position,
  bench: Bench,
  changes: readonly Change[],
  outcome: Outcome
): Judged {
  const { parsed } = incoming;
  const replaces = parsed.kind === 'operation' ? (parsed.operation.replaces ?? null) : null;
  const own = addRow(position, bench, {
    kind: 'operation',
    device: position.device.id,
    n: incoming.n,
    to: outcome.to ?? incoming.n,
    by: parsed.kind === 'operation' ? parsed.operation.by : bench.author.actor.user,
    corrected: outcome.corrected ?? bench.exchange.serverNow,
    suspect: outcome.suspect ?? false,
    outcome: outcome.outcome,
    reason: outcome.reason ?? null,
    // A cut or hostile text may end in half a character, which no database gives back as it was.
    detail: outcome.detail?.replace(/\p{Surrogate}/gu, '\ufffd') ?? null,
    changes,
    replaces,
    fingerprint: incoming.fingerprint,
    raw: incoming.raw
  });
  const rows = [own.row];
  let centre = own.centre;
  if (own.row.outcome === 'applied' || own.row.outcome === 'superseded') {
    for (const held of releasedBy(own.row, bench)) {
      const cycle = findAliasCycle(held.changes, bench.records);
      const released = addRow({ ...position, centre }, bench, {
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
      centre = released.centre;
    }
  }
  bench.records.keep();
  return { position: { device: position.device, centre }, rows };
}

type Draft = Omit<LogRow, 'seq' | 'hash' | 'salts' | 'receivedAt'>;

function addRow(
  { centre }: Position,
  bench: Bench,
  draft: Draft
): { readonly row: LogRow; readonly centre: CentreRow } {
  const { deps, exchange, records, lineage } = bench;
  const seq = centre.seq + 1;
  const { superseded } = applyEnvelope(toEnvelope(draft, seq), records, lineage);
  const { kind, device, n, to, by, corrected, suspect, reason, detail, changes, replaces, fingerprint, raw } =
    draft;
  const unchained = {
    seq,
    kind,
    device,
    n,
    to,
    by,
    corrected,
    suspect,
    outcome: superseded ? ('superseded' as const) : draft.outcome,
    reason,
    detail,
    changes,
    salts: makeSalts(changes.length, deps.random),
    replaces,
    fingerprint,
    raw,
    receivedAt: exchange.serverNow
  };
  const hash = chainHash(centre.hash, unchained, deps.hashing);
  return {
    row: Object.assign(unchained, { hash }),
    centre: { ...centre, seq, hash, lastNow: Math.max(centre.lastNow, exchange.serverNow) }
  };
}
