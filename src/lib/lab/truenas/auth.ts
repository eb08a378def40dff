import { randomUUID } from 'node:crypto';
import { checkKeyOnSocket, checkPassword } from './credentials.ts';
import { CallError, Errno, invalid } from './errors.ts';
import { type Fields, isFields } from './json.ts';
import { read } from './listing.ts';
import { type Call, fieldsParam, type Lab, type MethodTable, textParam } from './method.ts';
import { withIncluded } from './roles.ts';
import { scramFinal, scramFirst } from './scram.ts';
import { type ScramState, type Session, type SessionUser } from './session.ts';

/**
 * What a user may do: the roles, those that follow from others included, and each method they open. A set travels as an
 * object.
 */
function privilegeOf(user: SessionUser, lab: Lab): Fields {
  const isFull = user.roles.includes('FULL_ADMIN');
  const open = lab.openTo(user).map((resource) => ({ method: 'CALL', resource }));
  return {
    roles: { $set: withIncluded(user.roles) },
    allowlist:
      isFull && lab.faults.deniedMethods === undefined ? [{ method: '*', resource: '*' }] : open,
    web_shell: isFull,
    webui_access: true,
  };
}

/** What `auth.me` and a login tell about the user. */
function userInfo(user: SessionUser, lab: Lab): Fields {
  return {
    pw_name: user.username,
    pw_gecos: '',
    pw_dir: '/var/empty',
    pw_shell: '/usr/sbin/nologin',
    pw_uid: 3001,
    pw_gid: 3001,
    grouplist: [3001],
    sid: null,
    source: 'LOCAL',
    local: true,
    attributes: {},
    two_factor_config: {
      provisioning_uri: null,
      secret_configured: false,
      interval: 30,
      otp_digits: 6,
    },
    privilege: privilegeOf(user, lab),
    account_attributes: user.keyId === null ? ['LOCAL'] : ['LOCAL', 'API_KEY'],
  };
}

function success({ lab }: Call, user: SessionUser, data: Fields): Fields {
  const options = isFields(data['login_options']) ? data['login_options'] : {};
  const response: Fields = {
    response_type: 'SUCCESS',
    user_info: options['user_info'] === false ? null : userInfo(user, lab),
    authenticator: 'LEVEL_1',
  };
  const reconnects = lab.table.mechanisms.includes('SCRAM');
  return reconnects ? { ...response, reconnect_token: null } : response;
}

function text(data: Fields, name: string): string {
  const value = data[name];
  if (typeof value !== 'string') throw invalid(`login_data.${name}`, 'Field required');
  return value;
}

const AUTH_ERR = { response_type: 'AUTH_ERR' };

function loginByKey(call: Call, data: Fields): Fields {
  const verdict = checkKeyOnSocket(call.lab, text(data, 'api_key'), text(data, 'username'));
  if (verdict.state === 'expired') return { response_type: 'EXPIRED' };
  if (verdict.state === 'invalid') return AUTH_ERR;
  call.session.user = verdict.user;
  return success(call, verdict.user, data);
}

function loginByPassword(call: Call, data: Fields): Fields {
  const user = checkPassword(call.lab, text(data, 'username'), text(data, 'password'));
  if (user === null) return AUTH_ERR;
  call.session.user = user;
  return success(call, user, data);
}

function finishScram({ lab, session }: Call, state: ScramState | null, message: string): Fields {
  const signature = state && scramFinal(lab, state, message);
  if (state === null || signature === null) return AUTH_ERR;
  session.user = state.user;
  return {
    response_type: 'SCRAM_RESPONSE',
    scram_type: 'SERVER_FINAL_RESPONSE',
    rfc_str: signature,
    user_info: userInfo(state.user, lab),
  };
}

function loginByScram(call: Call, data: Fields): Fields {
  const message = text(data, 'rfc_str');
  const { session } = call;
  const started = session.scram;
  session.scram = null;
  if (text(data, 'scram_type') === 'CLIENT_FINAL_MESSAGE')
    return finishScram(call, started, message);
  const state = scramFirst(call.lab, message);
  if (state === null) return AUTH_ERR;
  session.scram = state;
  return {
    response_type: 'SCRAM_RESPONSE',
    scram_type: 'SERVER_FIRST_RESPONSE',
    rfc_str: state.serverFirst,
    user_info: null,
  };
}

/** One-time tokens, each for the user who asked for it. */
const tokens = new WeakMap<object, Map<string, SessionUser>>();

function tokensOf({ lab }: Call): Map<string, SessionUser> {
  const known = tokens.get(lab.system) ?? new Map<string, SessionUser>();
  tokens.set(lab.system, known);
  return known;
}

function takeToken(call: Call, token: string): SessionUser | null {
  const user = tokensOf(call).get(token) ?? null;
  tokensOf(call).delete(token);
  call.session.user = user ?? call.session.user;
  return user;
}

function loginByToken(call: Call, data: Fields): Fields {
  const user = takeToken(call, text(data, 'token'));
  return user === null ? AUTH_ERR : success(call, user, data);
}

const MECHANISMS: Readonly<Record<string, (call: Call, data: Fields) => Fields>> = {
  API_KEY_PLAIN: loginByKey,
  PASSWORD_PLAIN: loginByPassword,
  TOKEN_PLAIN: loginByToken,
  SCRAM: loginByScram,
};

function loginEx(call: Call): Fields {
  const data = fieldsParam(call, 0, 'login_data');
  const name = text(data, 'mechanism');
  const login = MECHANISMS[name];
  if (login === undefined || !call.lab.table.mechanisms.includes(name)) {
    if (name === 'OTP_TOKEN') throw new CallError('No OTP was asked for', Errno.EINVAL);
    throw invalid(
      'login_data',
      `Input tag '${name}' found using 'mechanism' does not match any of the expected tags`,
    );
  }
  return login(call, data);
}

function signedIn(session: Session): SessionUser {
  if (session.user === null) throw new CallError('Not authenticated', Errno.ENOTAUTHENTICATED);
  return session.user;
}

export const AUTH_METHODS: MethodTable = {
  'auth.login': read(
    'anyone',
    (call) => {
      const user = checkPassword(
        call.lab,
        textParam(call, 0, 'username'),
        textParam(call, 1, 'password'),
      );
      call.session.user = user ?? call.session.user;
      return user !== null;
    },
    ['username', 'password', 'otp_token'],
  ),
  'auth.login_with_api_key': read(
    'anyone',
    (call) => {
      const verdict = checkKeyOnSocket(call.lab, textParam(call, 0, 'api_key'), null);
      if (verdict.state === 'valid') call.session.user = verdict.user;
      return verdict.state === 'valid';
    },
    ['api_key'],
  ),
  'auth.login_with_token': read(
    'anyone',
    (call) => takeToken(call, textParam(call, 0, 'token')) !== null,
    ['token'],
  ),
  'auth.login_ex': read('anyone', loginEx, ['login_data']),
  'auth.mechanism_choices': read('anyone', ({ lab }) => lab.table.mechanisms),
  'auth.me': read('session', ({ session, lab }) => userInfo(signedIn(session), lab)),
  'auth.logout': read('session', ({ session }) => {
    session.user = null;
    return true;
  }),
  'auth.generate_token': read(
    'session',
    (call) => {
      const token = randomUUID();
      tokensOf(call).set(token, signedIn(call.session));
      return token;
    },
    ['ttl', 'attrs', 'match_origin', 'single_use'],
  ),
};
