import { type Connection } from './connection.ts';
import { protocolFailure } from './failures.ts';
import { recordAt } from './json.ts';

/** What is asked about, as a SelfSubjectAccessReview words it: what is not said stands for everything. */
export type ResourceAttributes = Readonly<Record<string, string>>;

/** The cluster does not say what is allowed. */
export class ReviewsDeniedError extends Error {
  constructor(status: number) {
    super(
      status === 403
        ? 'may not ask what it may do; grant the verb create on selfsubjectaccessreviews'
        : `the server refused to say what this tool may do (${status})`,
    );
  }
}

/** Whether this tool may do something. Throws a `ReviewsDeniedError` where that may not be asked. */
export async function isAllowed(
  connection: Connection,
  attributes: ResourceAttributes,
  signal: AbortSignal,
): Promise<boolean> {
  const { status, body } = await connection.review(attributes, signal);
  if (status !== 200 && status !== 201) throw new ReviewsDeniedError(status);
  const allowed = recordAt(body ?? {}, 'status')['allowed'];
  if (typeof allowed !== 'boolean') {
    throw protocolFailure(connection.cluster, 'answered a review without saying what is allowed');
  }
  return allowed;
}
