/**
 * The service that most tests of decisions are about.
 * Owns: its manifest, short. Must not know: what is decided.
 */

/** A health check that Docker makes. */
export const CHECK = 'healthcheck: {test: [CMD, ok]}';

/** A service `web` with a health check, and with these fields. */
export const web = (fields = ''): string =>
  `web: {image: web:1, ${CHECK}${fields === '' ? '' : `, ${fields}`}}`;
