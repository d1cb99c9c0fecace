export interface Documented {
  readonly source: string;
  readonly everywhere: Readonly<Record<string, string | string[]>>;
  readonly commands: Readonly<
    Record<string, { readonly synopsis: string; readonly flags: Readonly<Record<string, string | string[]>> }>
  >;
}
export declare const documented: Documented;
export declare function gcloud(
  world: object,
  args: readonly string[],
  input: string,
  record: (call: { command: string; args: readonly string[] }) => void,
): { code: number; out: string; said: string };
