import { tlsTrusted } from '../../../../src/lib/core/rules/validation/tls-trusted.ts';
import { anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aConnection, tlsFacts } from '../../../support/surrounding-builders.ts';

const over = (facts: Parameters<typeof tlsFacts>[0]) =>
  anInventory({ connections: { system: aConnection({ tls: tlsFacts(facts) }) } });

testCheck(tlsTrusted, {
  'says nothing of a connection without TLS': [
    anInventory({ connections: { system: aConnection({ secure: false }) } }),
    [],
  ],
  'is skipped where no connection came about': [
    anInventory({ connections: { system: aConnection({ tls: null }) } }),
    ['SKIPPED nas1'],
  ],
  'passes where the chain leads to an authority': [over({}), ['PASS nas1']],
  'passes where the key is pinned instead': [
    over({ verified: false, trusted: false, distrust: 'self-signed', pinned: true }),
    ['PASS nas1'],
  ],
  'fails where an untrusted certificate ends the connection': [
    over({ trusted: false, distrust: 'self-signed certificate' }),
    ['FAIL nas1'],
  ],
  'fails where the pin is of another key, though the chain is in order': [
    over({ pinned: false }),
    ['FAIL nas1'],
  ],
  'fails where chain and pin were to be in order and only the pin is': [
    over({ trusted: false, distrust: 'self-signed', pinned: true }),
    ['FAIL nas1'],
  ],
  'warns where nobody checks': [
    over({ trusted: false, distrust: 'self-signed', verified: false }),
    ['WARNING nas1'],
  ],
});
