/** What the device gives the storage: clocks and randomness. Tests and the simulation bring their own. */
export interface DeviceEnvironment {
  /** Wall clock, UTC ms; may be wrong, may jump. */
  readonly now: () => number;
  /** Monotonic clock of this page, ms; stops while the device sleeps. */
  readonly mono: () => number;
  /** Which page counts `mono`: every page begins at its own zero, so readings of two pages say nothing. */
  readonly page?: string;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Called at named points with a crash in mind: what throws here ends the program as a crash would. Simulation only. */
  readonly fault?: (point: string) => void;
}

/** Moves the clock period: +1 when the wall clock went back or moved much less than the monotonic clock. */
export function tickClock(
  state: { clock: number; lastWall: number; lastMono: number; lastPage?: string },
  environment: DeviceEnvironment
): { clock: number; lastWall: number; lastMono: number; lastPage?: string } {
  const wall = environment.now();
  const mono = environment.mono();
  const samePage = state.lastPage === environment.page;
  const wentBack = wall < state.lastWall;
  const lagged = samePage && wall - state.lastWall < mono - state.lastMono - 30_000;
  return {
    clock: state.clock + (wentBack || lagged ? 1 : 0),
    lastWall: wall,
    lastMono: mono,
    ...(environment.page === undefined ? {} : { lastPage: environment.page })
  };
}
