import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema } from '../../../src/lib/adapters/config/schema.ts';
import { configTemplate } from '../../../src/lib/adapters/config/template.ts';

describe('the JSON Schema of the configuration', () => {
  const validate = new Ajv2020().compile(configJsonSchema());

  it('accepts what config init writes', () => {
    const text = configTemplate({ url: null, username: null, context: null });
    expect(validate(parse(text)) || validate.errors).toBe(true);
  });

  it('refuses unknown keys and describes the known ones', () => {
    expect(validate({ truenas: { ulr: 'x' } })).toBe(false);
    expect(JSON.stringify(configJsonSchema())).toContain('Whether the certificate is checked');
  });
});
