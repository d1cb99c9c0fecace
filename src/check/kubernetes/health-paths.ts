/** Paths that by their name ask what the service depends on, and not only whether it runs. */
export const isDeepPath = (path: string): boolean =>
  /(?:^|[/_-])(?:ready|readyz|readiness|deep|full|detailed|dependencies|deps|db|database)\/?(?:\?|$)/i.test(
    path,
  );
