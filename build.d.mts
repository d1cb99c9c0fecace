import type { Plugin } from 'vitest/config';

export function templatesPlugin(): Plugin;
