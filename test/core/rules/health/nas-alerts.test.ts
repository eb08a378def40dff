import { expect, test } from 'vitest';
import { nasAlerts } from '../../../../src/lib/core/rules/health/nas-alerts.ts';
import { anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { anAlert } from '../../../support/surrounding-builders.ts';

const levels = ['EMERGENCY', 'ALERT', 'CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFO'] as const;
const ofEach = anInventory({
  alerts: levels.map((level) => anAlert({ id: level, kind: level, level })),
});

testCheck(nasAlerts, {
  'passes without any': [anInventory(), ['PASS nas1']],
  'warns of a warning': [anInventory({ alerts: [anAlert()] }), ['WARNING ScrubPaused']],
  'fails for an error': [
    anInventory({ alerts: [anAlert({ level: 'ERROR' })] }),
    ['FAIL ScrubPaused'],
  ],
  'passes where somebody dismissed it': [
    anInventory({ alerts: [anAlert({ dismissed: true })] }),
    ['PASS nas1'],
  ],
  'passes over what is only worth a note': [
    anInventory({ alerts: [anAlert({ level: 'NOTICE' }), anAlert({ id: 'b', level: 'INFO' })] }),
    ['PASS nas1'],
  ],
  'tells two of a kind apart': [
    anInventory({ alerts: [anAlert(), anAlert({ id: 'a2' })] }),
    ['WARNING ScrubPaused', 'WARNING ScrubPaused'],
  ],
});

test('levels become severities', () => {
  expect(
    outcomesIn(nasAlerts, ofEach).map(
      ({ subject, severity }) => `${subject?.name ?? ''} ${severity}`,
    ),
  ).toEqual([
    'EMERGENCY critical',
    'ALERT critical',
    'CRITICAL high',
    'ERROR high',
    'WARNING medium',
  ]);
});

test('what TrueNAS wrote for its web interface reads as text', () => {
  const world = anInventory({
    alerts: [anAlert({ at: null, text: 'Pool tank is <b>DEGRADED</b>:<br>one disk\nis gone.' })],
  });
  expect(outcomesIn(nasAlerts, world)[0]?.message).toBe(
    'WARNING: Pool tank is DEGRADED : one disk is gone',
  );
});

test('says since when as the head of a report does', () => {
  const world = anInventory({
    alerts: [anAlert({ at: new Date('2026-11-22T12:00:00Z'), text: 'one disk is gone' })],
  });
  expect(outcomesIn(nasAlerts, world)[0]?.message).toBe(
    'WARNING since 2026-11-22 12:00:00 UTC: one disk is gone',
  );
});
