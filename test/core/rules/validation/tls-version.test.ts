import { tlsVersion } from '../../../../src/lib/core/rules/validation/tls-version.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aConnection, tlsFacts } from '../../../support/surrounding-builders.ts';

const over = (facts: Parameters<typeof tlsFacts>[0]) =>
  anInventory({ connections: { system: aConnection({ tls: tlsFacts(facts) }) } });

testCheck(tlsVersion, {
  'says nothing of a connection without TLS': [
    anInventory({ connections: { system: aConnection({ secure: false }) } }),
    [],
  ],
  'is skipped where no connection came about': [
    anInventory({ connections: { system: aConnection({ tls: null }) } }),
    ['SKIPPED nas1'],
  ],
  'passes with TLS 1.3': [over({}), ['PASS nas1']],
  'warns of TLS 1.2': [over({ protocol: 'TLSv1.2' }), ['WARNING nas1']],
});
