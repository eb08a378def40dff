import { type Dispatcher, request } from 'undici';
import { type Millis } from '../../core/model/units.ts';
import { type Route } from './call.ts';
import { type HttpAnswer, readAnswer } from './http-get.ts';
import { connectionError, type Link } from './link.ts';

/** What came of a request that was sent once at most. */
export type HttpDelivery =
  | { readonly state: 'answer'; readonly answer: HttpAnswer }
  | { readonly state: 'not-sent' | 'no-answer'; readonly error: unknown };

/**
 * Sends a request that changes something, once. Until it is handed to a connection an abort of `signal` throws; from then on
 * nothing but the deadline ends the wait, since the answer is all that tells what has happened.
 */
export async function httpSend(
  link: Link,
  { verb, path, body }: Route,
  headers: Readonly<Record<string, string>>,
  timeout: Millis,
  signal: AbortSignal,
): Promise<HttpDelivery> {
  signal.throwIfAborted();
  const giveUp = new AbortController();
  const onAbort = (): void => {
    if (!handing.isHanded) giveUp.abort(signal.reason);
  };
  const handing = { isHanded: false };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const answer = await request(link.endpoint.origin + path, {
      method: verb,
      dispatcher: onceBy(link.agent, handing),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([giveUp.signal, AbortSignal.timeout(timeout)]),
      headersTimeout: timeout,
      bodyTimeout: timeout,
    });
    return { state: 'answer', answer: await readAnswer(path, answer) };
  } catch (cause) {
    if (!handing.isHanded) signal.throwIfAborted();
    const error = connectionError({ ...link, timeout }, cause);
    return { state: handing.isHanded ? 'no-answer' : 'not-sent', error };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Notes when the request is handed to a connection; that it is handed to another one after that is refused. */
function onceBy(agent: Dispatcher, handing: { isHanded: boolean }): Dispatcher {
  return agent.compose((dispatch) => (options, handler) => {
    const watched: Dispatcher.DispatchHandler = {
      onRequestStart: (controller, context: unknown) => {
        handler.onRequestStart?.(controller, context);
        if (handing.isHanded) controller.abort(new Error('it would have been sent again'));
        handing.isHanded = true;
      },
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    };
    return dispatch(options, watched);
  });
}
