import { expect, test } from 'vitest';
import { type NasApiKey } from '../../../../src/lib/core/model/truenas-surroundings.ts';
import { apiKeyExpiry } from '../../../../src/lib/core/rules/validation/api-key-expiry.ts';
import { anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { anAccount } from '../../../support/surrounding-builders.ts';

const withKey = (over: Partial<NasApiKey>) =>
  anInventory({
    account: [anAccount({ key: { name: 'monitor', expiresAt: null, revoked: false, ...over } })],
  });
const expiring = (day: string) => withKey({ expiresAt: new Date(`${day}T00:00:00Z`) });

testCheck(apiKeyExpiry, {
  'passes where it never expires': [withKey({}), ['PASS monitor']],
  'passes with months to go': [expiring('2027-03-01'), ['PASS monitor']],
  'warns a month before': [expiring('2026-11-20'), ['WARNING monitor']],
  'fails a week before': [expiring('2026-11-05'), ['FAIL monitor']],
  'fails once it has expired': [expiring('2026-10-30'), ['FAIL monitor']],
  'fails where it was revoked': [withKey({ revoked: true }), ['FAIL monitor']],
  'is skipped without a key': [
    anInventory({ account: [anAccount({ key: null })] }),
    ['SKIPPED nas1'],
  ],
});

test('a key that no longer works is critical', () => {
  expect(outcomesIn(apiKeyExpiry, expiring('2026-10-30'))).toMatchObject([
    { severity: 'critical', message: 'API key monitor expired 2d ago' },
  ]);
  expect(outcomesIn(apiKeyExpiry, withKey({ revoked: true }))).toMatchObject([
    { severity: 'critical' },
  ]);
});
