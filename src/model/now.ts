/**
 * The present moment, as it is passed to everything that decides.
 */

/** One reading of both clocks. */
export interface Now {
  /** Milliseconds of a clock that never jumps; for back-off and deadlines. */
  readonly monotonicMs: number;
  /** Milliseconds since the epoch; for display and for comparing with Docker's own times. */
  readonly wallMs: number;
}

/** ISO 8601 UTC of milliseconds since the epoch, e.g. `2026-01-31T12:00:00.000Z`; pure, it reads no clock. */
export function isoTime(epochMs: number): string {
  const days = Math.floor(epochMs / 86_400_000);
  const inDay = Math.floor(epochMs - days * 86_400_000);
  // Civil-from-days (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const pad = (value: number, width: number): string => String(value).padStart(width, '0');
  const hours = pad(Math.floor(inDay / 3_600_000), 2);
  const minutes = pad(Math.floor(inDay / 60_000) % 60, 2);
  const seconds = pad(Math.floor(inDay / 1000) % 60, 2);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${hours}:${minutes}:${seconds}.${pad(inDay % 1000, 3)}Z`;
}
