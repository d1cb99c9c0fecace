/** The built-in templates, compiled when the program is built (build.mjs). */
declare module 'aideploy:templates' {
  export const templates: Readonly<Record<string, object>>;
}
