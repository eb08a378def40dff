import { tlsVerified } from '../../../../src/lib/core/rules/validation/tls-verified.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aConnection, tlsFacts } from '../../../support/surrounding-builders.ts';

const over = (facts: Parameters<typeof tlsFacts>[0]) =>
  anInventory({ connections: { system: aConnection({ tls: tlsFacts(facts) }) } });

testCheck(tlsVerified, {
  'says nothing of a connection without TLS': [
    anInventory({ connections: { system: aConnection({ secure: false }) } }),
    [],
  ],
  'is skipped where no connection came about': [
    anInventory({ connections: { system: aConnection({ tls: null }) } }),
    ['SKIPPED nas1'],
  ],
  'passes where the certificate is checked': [over({}), ['PASS nas1']],
  'passes where its key is pinned instead': [
    over({ verified: false, trusted: false, pinned: true }),
    ['PASS nas1'],
  ],
  'warns where nothing is checked': [over({ verified: false }), ['WARNING nas1']],
  'warns of a cluster too': [
    anInventory({
      connections: {
        cluster: aConnection({
          side: 'kubernetes',
          name: 'prod',
          tls: tlsFacts({ verified: false }),
        }),
      },
    }),
    ['WARNING prod'],
  ],
});
