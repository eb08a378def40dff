import { tlsExpiry } from '../../../../src/lib/core/rules/validation/tls-expiry.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aConnection, tlsFacts } from '../../../support/surrounding-builders.ts';

const over = (facts: Parameters<typeof tlsFacts>[0]) =>
  anInventory({ connections: { system: aConnection({ tls: tlsFacts(facts) }) } });

testCheck(tlsExpiry, {
  'says nothing of a connection without TLS': [
    anInventory({ connections: { system: aConnection({ secure: false }) } }),
    [],
  ],
  'is skipped where no connection came about': [
    anInventory({ connections: { system: aConnection({ tls: null }) } }),
    ['SKIPPED nas1'],
  ],
  'passes where it is valid for months': [over({}), ['PASS nas1']],
  'warns a month before': [over({ validTo: new Date('2026-11-20T00:00:00Z') }), ['WARNING nas1']],
  'fails a week before': [over({ validTo: new Date('2026-11-05T00:00:00Z') }), ['FAIL nas1']],
  'fails once it has expired': [over({ validTo: new Date('2026-10-30T00:00:00Z') }), ['FAIL nas1']],
  'passes where a machine renews it every month': [
    over({
      validFrom: new Date('2026-10-10T00:00:00Z'),
      validTo: new Date('2026-11-09T00:00:00Z'),
    }),
    ['PASS nas1'],
  ],
});
