import { clusterScoped, inGroup, type Resource } from './resource.ts';

/** What an application is installed with beside what runs: stored and given back, and nothing acts on it. */
export const APPLICATION_RESOURCES: readonly Resource[] = [
  ...inGroup('', 'v1', [
    ['services', 'Service', { shortNames: ['svc'], columns: [['Type', 'spec.type']] }],
    ['configmaps', 'ConfigMap', { shortNames: ['cm'] }],
  ]),
  ...inGroup('networking.k8s.io', 'v1', [
    ['ingresses', 'Ingress', { shortNames: ['ing'] }],
    ['networkpolicies', 'NetworkPolicy', { shortNames: ['netpol'] }],
  ]),
  ...inGroup('rbac.authorization.k8s.io', 'v1', [
    ['roles', 'Role'],
    ['rolebindings', 'RoleBinding'],
    ['clusterroles', 'ClusterRole', clusterScoped],
    ['clusterrolebindings', 'ClusterRoleBinding', clusterScoped],
  ]),
  ...inGroup('monitoring.coreos.com', 'v1', [
    ['servicemonitors', 'ServiceMonitor', { shortNames: ['smon'] }],
    ['prometheusrules', 'PrometheusRule', { shortNames: ['promrule'] }],
  ]),
  ...inGroup('route.openshift.io', 'v1', [
    ['routes', 'Route', { columns: [['Host', 'spec.host']] }],
  ]),
];
