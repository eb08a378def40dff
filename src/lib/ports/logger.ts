export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What goes with a message, by name. */
export type LogFields = Readonly<Record<string, string | number | boolean>>;

/** Where messages for people go; never where results go. Values are made safe by the implementation. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
}
