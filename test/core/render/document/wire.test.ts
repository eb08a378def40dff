import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { toJson } from '../../../../src/lib/core/render/json.ts';
import { fullReportToWire } from '../../../../src/lib/core/render/wire/full-report.ts';
import { toYaml } from '../../../../src/lib/core/render/yaml.ts';
import { FULL_REPORTS } from '../../../support/full-report-builders.ts';
import { expectGolden } from '../../../support/golden.ts';
import { publishedSchema } from '../../../support/json-schema.ts';

describe.each(Object.entries(FULL_REPORTS))('a report on the wire: %s', (name, full) => {
  it('is as the published schema says', () => {
    const validate = publishedSchema('storage-report');
    validate(fullReportToWire(full));
    expect(validate.errors).toBeNull();
  });

  it('is this JSON', () => {
    expectGolden(toJson(fullReportToWire(full)), 'report-json', `${name}.json`);
  });

  it('says the same as YAML', () => {
    const yaml = toYaml(fullReportToWire(full));
    expectGolden(yaml, 'report-yaml', `${name}.yaml`);
    expect(parse(yaml)).toEqual(JSON.parse(toJson(fullReportToWire(full))));
  });
});
