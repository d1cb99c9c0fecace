declare const __AIDEPLOY_VERSION__: string;

/** What calls this program again gets this version of it. */
export const PACKAGE = `aideploy@${__AIDEPLOY_VERSION__}`;

/**
 * Commands and flags that files call where this version has them. A test compares each with the command line:
 * what is built is switched on here, and the files that wait for it follow.
 */
export const BUILT = {
  check: true,
  rollback: false,
  verify: true,
  'verify --expect-version': false,
  'verify --platform': false,
  'verify --wait': false,
} as const satisfies Readonly<Record<string, boolean>>;

export const isBuiltIn = (name: keyof typeof BUILT): boolean => BUILT[name];
