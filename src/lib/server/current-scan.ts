import { type ServedScan } from '../core/serve/served-scan.ts';
import { type ServerContext } from './context.ts';
import { refuse } from './http-error.ts';

/** The last scan; before there is one, the answer is when to ask again. */
export function requireScan({ monitor }: ServerContext): ServedScan {
  const { current, failure } = monitor.state;
  if (current !== null) return current;
  throw refuse(503, {
    code: 'NO_SCAN_YET',
    class: 'transient',
    message:
      failure === null
        ? 'the first scan is not done yet'
        : `no scan has come to an end yet: ${failure.error.message}`,
    remediation: failure === null ? ['Ask again in a moment.'] : failure.error.remediation,
    headers: { 'retry-after': '5' },
  });
}
