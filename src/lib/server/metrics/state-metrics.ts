import { Gauge, type Registry } from 'prom-client';
import { freshnessOf } from '../../core/serve/monitor-state.ts';
import { type ServerContext } from '../context.ts';
import { PREFIX } from './prefix.ts';

type Source = Pick<ServerContext, 'monitor' | 'clock' | 'program'>;

/** How old the result is that is shown, and whether there is one at all: worked out when it is asked for, so that it goes on when no scan does. */
export function stateMetrics(registry: Registry, source: Source): void {
  const gauge = (name: string, help: string, valueOf: () => number | null): void => {
    new Gauge({
      name: `${PREFIX}${name}`,
      help,
      registers: [registry],
      collect() {
        const value = valueOf();
        this.reset();
        if (value === null) this.remove();
        else this.set(value);
      },
    });
  };
  const { monitor, clock } = source;
  const fresh = (): ReturnType<typeof freshnessOf> => freshnessOf(monitor.state, clock.now());
  gauge('result_available', '1 where there is a result to show, 0 before the first one.', () =>
    monitor.state.current === null ? 0 : 1,
  );
  gauge(
    'result_stale',
    '1 where the result that is shown may no longer be how things are: the last scan failed, or none has come for three intervals.',
    () => ofFlag(fresh()?.stale),
  );
  gauge('result_age_seconds', 'Age of the result that is shown.', () => seconds(fresh()?.age));
  gauge(
    'last_scan_timestamp',
    'When the result that is shown was scanned, in seconds since 1970.',
    () => {
      const age = fresh()?.age;
      return age === undefined ? null : (clock.now().getTime() - age) / 1000;
    },
  );
  gauge('scan_failing', '1 where the last scan failed, 0 where it did not.', () =>
    monitor.state.failure === null ? 0 : 1,
  );
  gauge('scan_running', '1 while a scan is under way.', () =>
    monitor.state.running === null ? 0 : 1,
  );
  gauge('scan_interval_seconds', 'How often a scan is made, as configured.', () =>
    seconds(monitor.state.interval),
  );
  new Gauge({
    name: `${PREFIX}build_info`,
    help: 'Always 1; the label says which version this is.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: source.program.version }, 1);
}

function ofFlag(flag: boolean | undefined): number | null {
  if (flag === undefined) return null;
  return flag ? 1 : 0;
}

function seconds(span: number | undefined): number | null {
  return span === undefined ? null : span / 1000;
}
