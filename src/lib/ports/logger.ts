export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where messages for people go; never where results go. Values are made safe by the implementation. */
export interface Logger {
  log(
    level: LogLevel,
    message: string,
    fields?: Readonly<Record<string, string | number | boolean>>,
  ): void;
}
