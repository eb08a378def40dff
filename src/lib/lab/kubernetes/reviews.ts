import { isAllowed, USER } from './access.ts';
import { type Exchange, json, readJson, type Reply, type Target } from './exchange.ts';
import { type LabUser, mayDo } from './lab-user.ts';
import { isRecord, type JsonRecord, recordAt, textAt, textsAt } from './json.ts';
import { apiVersionOf } from './resources.ts';
import { badRequest } from './status.ts';

/** What the lab's token is good for; a review that asks for another audience is answered with no. */
export const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

/** Whose token the lab takes for its own requests. */
const OWNER: Omit<LabUser, 'token' | 'rights'> = USER;

type Review = (lab: Exchange['lab'], spec: JsonRecord, namespace: string) => JsonRecord;

const REVIEWERS: Readonly<Record<string, Review>> = {
  tokenreviews: tokenReview,
  selfsubjectreviews: () => ({ userInfo: USER }),
  selfsubjectaccessreviews: accessReview,
  subjectaccessreviews: subjectAccessReview,
  localsubjectaccessreviews: subjectAccessReview,
};

/** Reviews are questions asked by POST; the answer is the question with its status filled in. */
export async function review(exchange: Exchange, target: Target): Promise<Reply> {
  const { resource, namespace } = target;
  const body = await readJson(exchange.request);
  const reviewer = REVIEWERS[resource.plural];
  if (!isRecord(body) || reviewer === undefined) throw badRequest('the body is not an object');
  const answer = {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: { creationTimestamp: null },
    spec: recordAt(body, 'spec'),
    status: reviewer(exchange.lab, recordAt(body, 'spec'), namespace),
  };
  return json(201, JSON.stringify(answer));
}

function tokenReview({ token, users }: Exchange['lab'], spec: JsonRecord): JsonRecord {
  const given = textAt(spec, 'token');
  const known = given === token ? OWNER : users.find((each) => each.token === given);
  if (known === undefined) return { user: {}, error: 'invalid bearer token' };
  const good = known.audiences ?? [AUDIENCE];
  const asked = textsAt(spec, 'audiences');
  const wanted = asked.length === 0 ? [AUDIENCE] : asked;
  const audiences = wanted.filter((name) => good.includes(name));
  if (audiences.length === 0) {
    return { user: {}, error: 'token audiences do not include any of the requested ones' };
  }
  const { username, uid, groups, extra } = known;
  const user = { username, uid, groups, ...(extra === undefined ? {} : { extra }) };
  return { authenticated: true, user, audiences };
}

function subjectAccessReview(lab: Exchange['lab'], spec: JsonRecord, ns: string): JsonRecord {
  const name = textAt(spec, 'user');
  if (name === USER.username) return accessReview(lab, spec, ns);
  const user = lab.users.find(({ username }) => username === name);
  if (user === undefined) return { allowed: false, reason: 'no binding names this user' };
  const allowed = mayDo(user, spec, ns);
  return allowed ? { allowed, reason: 'RBAC: allowed' } : { allowed, reason: '' };
}

function accessReview({ cluster }: Exchange['lab'], spec: JsonRecord, ns: string): JsonRecord {
  const attributes = recordAt(spec, 'resourceAttributes');
  const plural = textAt(attributes, 'resource');
  if (plural === undefined) return { allowed: 'nonResourceAttributes' in spec };
  const namespace = textAt(attributes, 'namespace') ?? ns;
  const verb = textAt(attributes, 'verb') ?? '';
  const allowed = isAllowed(cluster.forbidden, { plural }, namespace, verb);
  return allowed ? { allowed, reason: 'RBAC: allowed' } : { allowed, reason: '' };
}
