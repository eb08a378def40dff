import { type Severity } from '../../model/finding.ts';
import { refOnSystem, refToSystem } from '../../model/surroundings.ts';
import { type NasAlert } from '../../model/truenas-surroundings.ts';
import { formatInstant } from '../../render/text/format.ts';
import { excerpt } from '../checks/excerpt.ts';
import { defineCheck } from '../define-check.ts';

/** What is left out is worth no more than a look some day. */
const SEVERITIES: Readonly<Partial<Record<string, Severity>>> = {
  EMERGENCY: 'critical',
  ALERT: 'critical',
  CRITICAL: 'high',
  ERROR: 'high',
  WARNING: 'medium',
};

function describe({ level, text, at }: NasAlert): string {
  const since = at === null ? '' : ` since ${formatInstant(at)}`;
  // TrueNAS formats some of them for its web interface.
  return `${level}${since}: ${excerpt(text.replace(/<[^>]*>/g, ' '))}`;
}

export const nasAlerts = defineCheck({
  id: 'nas-alerts',
  category: 'health',
  severity: 'high',
  component: 'alert',
  title: 'TrueNAS raises no alert',
  scope: 'system',
  subjects: ['Alert', 'System'],
  requires: ['alerts', 'systems'],
  consults: [],
  steps: [
    'Open the alerts of TrueNAS with the bell of the web interface, and mend what it says.',
    'Dismiss it there once its cause is gone: a dismissed alert is not shown here.',
  ],

  *inspect({ alerts, systems }) {
    for (const { name: system } of systems) {
      let raised = false;
      for (const alert of alerts) {
        const severity = SEVERITIES[alert.level];
        if (alert.system !== system || alert.dismissed || severity === undefined) continue;
        raised = true;
        const subject = refOnSystem('Alert', system, alert.kind, alert.id);
        yield { subject, sound: false, severity, seen: describe(alert) };
      }
      if (!raised) {
        yield { subject: refToSystem(system), sound: true, seen: `${system} raises no alert` };
      }
    }
  },
});
