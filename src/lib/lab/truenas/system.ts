import { dateOf, type Fields } from './json.ts';
import { read } from './listing.ts';
import { type Call, type MethodTable } from './method.ts';

const UPTIME_SECONDS = 273_906;

function fullVersion({ lab }: Call): string {
  return `${lab.table.versionPrefix}${lab.system.release}`;
}

function info(call: Call): Fields {
  const { lab } = call;
  const now = lab.now();
  return {
    version: lab.table.systemInfoHasFullVersion ? fullVersion(call) : lab.system.release,
    buildtime: dateOf('2025-12-15T00:00:00Z'),
    hostname: lab.system.name,
    physmem: 67_330_080_768,
    model: 'Lab CPU',
    cores: 16,
    physical_cores: 8,
    loadavg: [0.4, 0.5, 0.6],
    uptime: '3 days, 4:05:06',
    uptime_seconds: UPTIME_SECONDS,
    system_serial: null,
    system_product: null,
    system_product_version: null,
    license: null,
    boottime: dateOf(new Date(now.getTime() - UPTIME_SECONDS * 1000)),
    datetime: dateOf(now),
    timezone: 'Etc/UTC',
    system_manufacturer: null,
    ecc_memory: true,
  };
}

export const SYSTEM_METHODS: MethodTable = {
  'system.info': read(['READONLY_ADMIN'], info),
  'system.version': read('session', fullVersion),
  'system.version_short': read('session', ({ lab }) => lab.system.release),
  'system.host_id': read(['READONLY_ADMIN'], ({ lab }) => lab.system.hostId),
  'system.product_type': read(['SYSTEM_PRODUCT_READ'], ({ lab }) => lab.table.productType),
  'system.ready': read(['SYSTEM_GENERAL_READ'], () => true),
  'system.state': read(['SYSTEM_GENERAL_READ'], () => 'READY'),
  'system.boot_id': read('anyone', ({ lab }) => {
    const id = lab.system.hostId.padEnd(32, '0');
    const parts = [id.slice(0, 8), id.slice(8, 12), `4${id.slice(13, 16)}`, `8${id.slice(17, 20)}`];
    return [...parts, id.slice(20, 32)].join('-');
  }),
};
