import { stringify } from 'yaml';

/** A kubeconfig with the one context `name`, whose user is the bearer of `token`. */
export function kubeconfigText(
  name: string,
  server: string,
  token: string,
  ca: string | undefined,
): string {
  const certificate =
    ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, ...certificate } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}
