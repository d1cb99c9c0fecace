export const FOLDER = 'deploy/systemd';

/** What an operator's file is copied from. */
export const exampleName = (unit: string): string => `${unit}.env.example`;
