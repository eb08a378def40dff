import { type FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findNearest } from '../core/model/did-you-mean.ts';
import { type HttpError, refuse } from './http-error.ts';

const PARTS: Readonly<Record<string, string>> = {
  querystring: 'parameter',
  params: 'part of the path',
  body: 'member of the body',
  headers: 'header',
};

/** What of a request its schema refuses, in words; undefined for an error of another kind. What was sent is not repeated. */
export function invalidRequest(request: FastifyRequest, error: unknown): HttpError | undefined {
  if (!hasZodFastifySchemaValidationErrors(error)) return undefined;
  const [issue] = error.validation;
  if (issue === undefined) return undefined;
  const context = error.validationContext ?? 'querystring';
  const part = PARTS[context] ?? 'part of the request';
  const unknown = issue.params['keys'];
  if (Array.isArray(unknown)) {
    return unknownNames(part, unknown.map(String), knownNames(request, context));
  }
  const name = issue.instancePath.split('/')[1] ?? '';
  return refuse(400, {
    code: 'BAD_REQUEST',
    message:
      name === ''
        ? `the ${context} is not what this takes`
        : `the ${part} ${name} is not what this takes`,
    details: { [context === 'body' ? 'member' : 'parameter']: issue.instancePath.slice(1) },
    remediation: [issue.message ?? 'GET /openapi.json says what it takes.'],
  });
}

function unknownNames(part: string, names: readonly string[], known: readonly string[]): HttpError {
  // Names are typed by people, and longer ones are no slips.
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 50)));
  const meant = [
    ...new Set(names.slice(0, 5).map((name) => findNearest(name.slice(0, 50), known))),
  ];
  return refuse(400, {
    code: 'UNKNOWN_PARAMETER',
    message: `there is no ${part} ${shown.join(', ')}`,
    remediation: [
      ...meant.filter((name) => name !== undefined).map((name) => `Did you mean ${name}?`),
      known.length === 0 ? 'This takes none.' : `Use ${known.join(', ')}.`,
    ],
  });
}

function knownNames({ routeOptions }: FastifyRequest, context: string): readonly string[] {
  const { schema } = routeOptions;
  const part = context === 'querystring' ? schema?.querystring : schema?.body;
  return part instanceof z.ZodObject ? Object.keys(part.shape) : [];
}
