import { describe, expect, it } from 'vitest';
import { millis } from '../../../../src/lib/core/model/units.ts';
import { type Severity } from '../../../../src/lib/core/model/finding.ts';
import { validationSchema } from '../../../../src/lib/core/render/wire/validation-schema.ts';
import { validationToWire } from '../../../../src/lib/core/render/wire/validation.ts';
import { publishedSchema } from '../../../support/json-schema.ts';
import {
  aConnection,
  anOutcome,
  aSummary,
  SUMMARIES,
} from '../../../support/validation-builders.ts';

describe('the wire form of what checks came to', () => {
  it.each(Object.entries(SUMMARIES))('of %s follows the published schema', (_, summary) => {
    const isValid = publishedSchema('validation-summary');
    const wire = validationToWire(summary);
    expect(isValid(wire), JSON.stringify(isValid.errors)).toBe(true);
    expect(validationSchema.parse(wire)).toEqual(wire);
  });

  it('refuses what the form does not know', () => {
    const isValid = publishedSchema('validation-summary');
    expect(isValid({ ...validationToWire(aSummary()), extra: 1 })).toBe(false);
    expect(isValid({ ...validationToWire(aSummary()), overall_status: 'OK' })).toBe(false);
  });

  it('writes its keys in the published order', () => {
    const wire = validationToWire(aSummary());
    expect(Object.keys(wire)).toEqual([
      ...['schema_version', 'kind', 'timestamp', 'scan_duration_seconds', 'complete'],
      ...['overall_status', 'total_checks', 'passed_checks', 'failed_checks', 'warning_checks'],
      ...[
        'skipped_checks',
        'sources',
        'clusters',
        'systems',
        'files',
        'connections',
        'results',
        'suppressed',
      ],
    ]);
    expect(Object.keys(wire.results[0] ?? {})).toEqual([
      ...['id', 'component', 'check', 'title', 'status', 'severity', 'object', 'cluster', 'system'],
      ...['message', 'remediation_steps', 'not_applicable', 'docs'],
    ]);
  });

  it.each(Object.entries(SUMMARIES))('counts every result of %s once', (_, summary) => {
    const wire = validationToWire(summary);
    const parts = [
      wire.passed_checks,
      wire.failed_checks,
      wire.warning_checks,
      wire.skipped_checks,
    ];
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(wire.total_checks);
    expect(wire.total_checks).toBe(wire.results.length);
  });

  it.each([
    ['critical', 'CRITICAL'],
    ['high', 'HIGH'],
    ['medium', 'MEDIUM'],
    ['low', 'LOW'],
    ['info', 'LOW'],
  ] satisfies [Severity, string][])('writes the severity %s as %s', (severity, written) => {
    const { results } = validationToWire(aSummary({ results: [anOutcome({ severity })] }));
    expect(results[0]?.severity).toBe(written);
  });

  it('names the object by type and name, and its page', () => {
    const subject = {
      type: 'Pod',
      name: 'csi-0',
      namespace: 'democratic-csi',
      discriminator: null,
      location: 'kubernetes',
      cluster: 'prod',
    } as const;
    const { results } = validationToWire(
      aSummary({ results: [anOutcome({ subject }), anOutcome({ subject: null })] }),
    );
    expect(results.map(({ object }) => object)).toEqual(['pod/democratic-csi/csi-0', null]);
    expect(results[0]?.docs).toBe('docs/rules/default-storage-class.md');
  });

  it('says how each side was reached, in seconds, and when its certificate ends', () => {
    const unreached = aConnection({
      tls: null,
      latency: null,
      failure: { code: 'TRUENAS_UNREACHABLE', message: 'refused', remediation: ['Look.'] },
    });
    const { connections } = validationToWire(aSummary({ connections: [aConnection(), unreached] }));
    expect(connections).toMatchObject([
      {
        host: 'nas1.example',
        latency: { p50_seconds: 0.012, p95_seconds: 0.048 },
        tls: { valid_to: '2027-01-01T00:00:00.000Z', protocol: 'TLSv1.3' },
        failure: null,
      },
      { latency: null, tls: null, failure: { code: 'TRUENAS_UNREACHABLE', message: 'refused' } },
    ]);
  });

  it('marks a kept scan with its age', () => {
    expect(validationToWire(aSummary({ cachedFor: millis(90_000) }))).toMatchObject({
      cached: true,
      cached_age_seconds: 90,
    });
    expect(validationToWire(aSummary())).not.toHaveProperty('cached');
  });
});
