import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openReviews } from '../../../src/lib/adapters/kubernetes/open-reviews.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { KubernetesAuthenticator } from '../../../src/lib/server/auth/kubernetes-authenticator.ts';
import { aPlanView } from '../../support/cleanup-view-builders.ts';
import { anObject, startLab } from '../../support/kubernetes-lab.ts';
import { KUBERNETES, readManifests } from '../../support/manifests.ts';
import { PlayedDesk } from '../../support/played-desk.ts';
import { grantsOf } from '../../support/rbac.ts';
import { type Served, serving } from '../../support/serving.ts';

/* The roles that come with the manifests, as a cluster answers for those who have them, at the routes of clean-up. */

const ROLES = readManifests(
  readFileSync(join(KUBERNETES, 'components', 'callers', 'roles.yaml'), 'utf8'),
);
const PLAN = aPlanView();
const PLANS = '/api/v1/cleanup/plans';
const HASH = PLAN.plan.plan_hash;

/** What the role of this name grants, in the words of the lab. */
function rightsOf(name: string): readonly string[] {
  const roles = ROLES.filter(({ metadata }) => metadata.name === `truenas-monitor-${name}`);
  expect(roles).toHaveLength(1);
  return grantsOf(roles).map(
    ({ verb, group, resource }) => `${verb} ${resource}${group === '' ? '' : `.${group}`}`,
  );
}

async function askedBy(role: string): Promise<{ served: Served; desk: PlayedDesk }> {
  const kubeSystem = anObject('Namespace', 'kube-system', { metadata: { uid: 'the-cluster' } });
  const { lab } = await startLab({ objects: { namespaces: [kubeSystem] } });
  onTestFinished(async () => {
    await lab.close();
  });
  const rights = rightsOf(role);
  const groups = ['system:authenticated'];
  lab.users.push({ token: 'of-anna', username: 'anna', uid: 'uid-of-anna', groups, rights });
  const reviewer = await openReviews(
    {
      ...{ name: 'prod', kubeconfig: null, kubeconfigText: lab.kubeconfig(), context: 'prod' },
      ...{ inCluster: false, audience: null, timeout: millis(5_000) },
    },
    { timing: { random: () => 0, sleep: () => Promise.resolve() }, rootDirectory: '' },
  );
  onTestFinished(async () => {
    await reviewer.close();
  });
  const desk = new PlayedDesk();
  desk.kept = { damaged: [], plans: [PLAN], runs: [] };
  const served = await serving({
    cleanup: desk,
    settings: { allowApply: true },
    authenticator: new KubernetesAuthenticator({
      reviewer,
      namespaces: () => new Set(['media']),
      onUnavailable: () => undefined,
    }),
  });
  return { served, desk };
}

it.each([
  ['viewer', 200, 403, 403, 403],
  ['operator', 200, 201, 403, 403],
  ['approver', 200, 201, 201, 403],
  ['admin', 200, 201, 201, 202],
])('lets a %s in where it should: %i, %i, %i, %i', async (role, ...statuses) => {
  const { served, desk } = await askedBy(role);
  const post = async (path: string, body: object): Promise<number> => {
    const headers = { 'content-type': 'application/json' };
    const sent = { method: 'POST', token: 'of-anna', headers, body: JSON.stringify(body) };
    return (await served.ask(path, sent)).status;
  };
  expect([
    (await served.ask(PLANS, { token: 'of-anna' })).status,
    await post(PLANS, {}),
    await post(`${PLANS}/${PLAN.id}/approvals`, { plan_hash: HASH }),
    await post(`${PLANS}/${PLAN.id}/runs`, { plan_hash: HASH, execute: true }),
  ]).toEqual(statuses);
  for (const { asked } of desk.questions) {
    expect(asked.by).toMatchObject({
      ...{ kind: 'kubernetes', name: 'anna', cluster: 'prod', cluster_uid: 'the-cluster' },
    });
  }
});
