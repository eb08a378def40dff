import { describe, expect, it } from 'vitest';
import { operatorOf } from '../../../src/lib/adapters/kubernetes/operator.ts';
import { type Actor } from '../../../src/lib/core/cleanup/journal-schema.ts';
import { aCluster, kubeconfigFor, NEVER, open, openLab, serve } from './support.ts';

const OS: Actor = { kind: 'os', name: 'ada', host: 'laptop' };
const fallback = { identify: () => Promise.resolve(OS) };

const USER = {
  kind: 'kubernetes',
  name: 'system:serviceaccount:truenas-monitor:truenas-monitor',
  uid: '5b9f2f0e-6d0f-4a7b-9c65-1f2d3c4b5a69',
  groups: [
    'system:serviceaccounts',
    'system:serviceaccounts:truenas-monitor',
    'system:authenticated',
  ],
  cluster: 'prod',
  cluster_uid: 'kube-system-uid',
};

describe('who works here', () => {
  it.each([
    ['v1.35.2', ['v1']],
    ['v1.27.9', ['v1', 'v1beta1']],
    ['v1.26.1', ['v1', 'v1beta1', 'v1alpha1']],
  ])('is asked of a cluster %s as it can be asked', async (version, asked) => {
    const { lab, reader } = await openLab(aCluster({ version }));
    expect(await operatorOf([reader], fallback).identify(NEVER)).toEqual(USER);
    const posted = lab.requests.filter(({ method }) => method === 'POST');
    expect(posted.map(({ path }) => path)).toEqual(
      asked.map((each) => `/apis/authentication.k8s.io/${each}/selfsubjectreviews`),
    );
  });

  it('is whom this machine knows where the cluster is too old to tell', async () => {
    const { reader } = await openLab(aCluster({ version: 'v1.25.3' }));
    expect(await operatorOf([reader], fallback).identify(NEVER)).toEqual(OS);
  });

  it('is whom this machine knows where no cluster is registered', async () => {
    expect(await operatorOf([], fallback).identify(NEVER)).toEqual(OS);
  });

  it.each([
    ['the review', 'selfsubjectreviews'],
    ['which cluster it is', 'namespaces'],
  ])('is told by the first cluster that tells all: another denies %s', async (_, forbidden) => {
    const denying = await openLab(aCluster({ forbidden: [forbidden] }));
    const telling = await openLab(aCluster({ uid: 'second' }), {}, { name: 'edge' });
    const operator = operatorOf([denying.reader, telling.reader], fallback);
    expect(await operator.identify(NEVER)).toEqual({
      ...USER,
      cluster: 'edge',
      cluster_uid: 'second',
    });
    expect(await operatorOf([denying.reader], fallback).identify(NEVER)).toEqual(OS);
  });

  it('is told by the first cluster that answers', async () => {
    const gone = await openLab(aCluster());
    const telling = await openLab(aCluster());
    await gone.lab.close();
    const operator = operatorOf([gone.reader, telling.reader], fallback);
    expect(await operator.identify(NEVER)).toEqual(USER);
  });

  it('is not whoever has not logged in', async () => {
    const status = {
      userInfo: { username: 'system:anonymous', groups: ['system:unauthenticated'] },
    };
    const url = await serve((_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ kind: 'SelfSubjectReview', status, metadata: { uid: 'u' } }));
    });
    const { reader } = await open({ kubeconfigText: kubeconfigFor(url) });
    expect(await operatorOf([reader], fallback).identify(NEVER)).toEqual(OS);
  });

  it('is not guessed where nobody waits for the answer', async () => {
    const { reader } = await openLab(aCluster());
    const identifying = operatorOf([reader], fallback).identify(AbortSignal.abort());
    await expect(identifying).rejects.toThrow('abort');
  });
});
