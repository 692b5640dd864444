/** What everybody tries first: a password that holds one of these is guessed. */
const COMMON = ['password', 'passw0rd', '123456', '654321', '111111', '000000', '888888', '666666', 'qwerty', 'asdfgh', 'abc123', 'a1b2c3', 'iloveyou', 'admin', 'letmein', 'welcome', 'woaini', '5201314'];

const CLASSES = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/];

export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;

/**
 * Whether a password may be set: 12 to 128 characters, three of the four kinds (GB/T 22239-2019 asks for complexity),
 * none of the common ones inside and not the account's name. It is never forced to change with time.
 */
export function passwordHolds(password: string, account: string): boolean {
  const plain = password.toLowerCase();
  return password.length >= SHORTEST_PASSWORD
    && password.length <= LONGEST_PASSWORD
    && CLASSES.filter((kind) => kind.test(password)).length >= 3
    && !COMMON.some((word) => plain.includes(word))
    && !plain.includes(account.toLowerCase());
}
