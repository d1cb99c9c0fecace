declare const __AIDEPLOY_VERSION__: string;

/** What calls this program again gets this version of it. */
export const PACKAGE = `aideploy@${__AIDEPLOY_VERSION__}`;
