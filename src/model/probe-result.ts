/**
 * What one attempt of a probe came to.
 */

/** Result of one attempt. Messages follow the name of the probe: `answered 503`, `refused the connection`. */
export type ProbeResult =
  | { readonly kind: 'success' }
  | { readonly kind: 'failure'; readonly message: string }
  /** The attempt could not be made: it says nothing about the service. */
  | { readonly kind: 'notRun'; readonly message: string };
