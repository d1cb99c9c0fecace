import module from 'node:module';

declare const __AIDEPLOY_VERSION__: string;

const { enableCompileCache } = module as { enableCompileCache?: () => void };

export const VERSION: string = __AIDEPLOY_VERSION__;

/** `--version` answers before anything else is loaded: scripts ask it often. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    console.log(VERSION);
    return;
  }
  // Node 22.8 and later keep compiled code between runs; help must leave nothing behind.
  if (!argv.some(word => word === '--help' || word === '-h' || word === 'help')) enableCompileCache?.();
  const { run } = await import('./program.ts');
  process.exitCode = await run(argv, VERSION);
}
